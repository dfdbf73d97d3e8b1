import { createHmac, hkdfSync, randomInt } from 'node:crypto';

/** Crockford's base 32: without letters that look like digits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 50 bits: enough with the limit on tries, and to be copied by hand. */
const LENGTH = 10;
export const RECOVERY_CODES = 10;

/** Each such as `7K2QF-0XM4D`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
  });
}

/** Keyed, so that who has only the database cannot try all codes. */
export class RecoveryCodeHashes {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'mockingbird recovery code', 32));
  }

  /** The same however the code is typed: case, spaces, dashes, and O, I and L for the digits they look like. */
  of(userId: string, code: string): Buffer {
    const typed = code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
    return createHmac('sha256', this.key).update(`${userId}:${typed}`).digest();
  }
}
