import { randomUUID } from 'node:crypto';

const DIGITS = 12;
const LAST = 16 ** DIGITS;

const ofThisProcess = randomUUID().slice(0, -DIGITS);
let count = Math.floor(Math.random() * LAST);

/**
 * Names a request: a UUID (RFC 9562, version 4 by its form) that begins as all of this process do, and goes on by
 * counting. Nothing is guarded by it, so none has to be random.
 */
export function nextRequestId(): string {
  count = (count + 1) % LAST;
  return ofThisProcess + count.toString(16).padStart(DIGITS, '0');
}
