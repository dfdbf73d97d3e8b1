import { createHash } from 'node:crypto';
import { normalizeEmail } from '@app/users';

/** Stands for an account in keys of limits, whether or not there is one, without giving away its address. */
export function accountKey(email: string): string {
  return createHash('sha256').update(normalizeEmail(email)).digest('base64url');
}
