import { createHash, randomBytes } from 'node:crypto';

/** What a token allows, once. */
export type OneTimeTokenKind = 'email_verification' | 'password_reset';

const BYTES = 32;

/** A secret for one letter; only its hash is kept. */
export function newOneTimeToken(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** Plain SHA-256: nobody guesses 32 random bytes, so the hash needs neither salt nor cost. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
