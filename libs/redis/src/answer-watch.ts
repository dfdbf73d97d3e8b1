import type { Redis } from 'ioredis';

const LOOK_EVERY_MS = 25;
/** The longest that a command may wait for its answer. */
export const ANSWER_WITHIN_MS = 100;
/** A new connection may take longer to answer its greeting: the server may be loading its data. */
const GREETING_WITHIN_MS = 2000;

/**
 * Leaves a server that does not answer, and connects again: every command in flight fails then, and further ones fail
 * at once, until the new connection has answered its greeting. One look at the oldest command now and then, so that no
 * command pays for a timer of its own; and a process that was busy reads what has come in before it judges.
 *
 * @returns ends the watch
 */
export function leaveWhenSilent(redis: Redis, withinMs: number): () => void {
  let oldest: unknown;
  let since = performance.now();
  const look = () => {
    const now = performance.now();
    const front = redis.commandQueue.peekFront();
    if (front === undefined || front !== oldest) {
      oldest = front;
      since = now;
      return;
    }
    const patienceMs = redis.status === 'ready' ? withinMs : GREETING_WITHIN_MS;
    if (now - since < patienceMs - LOOK_EVERY_MS) return;
    setImmediate(() => {
      // Not `disconnect`, which waits for the server to say goodbye.
      if (redis.commandQueue.peekFront() === front) redis.stream.destroy(new Error('No answer'));
    });
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}
