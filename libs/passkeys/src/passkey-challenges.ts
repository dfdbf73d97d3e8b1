import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Clock } from '@app/clock';
import { Inject, Injectable } from '@nestjs/common';
import { PASSKEYS_OPTIONS, type PasskeysOptions } from './passkeys.options.js';

export const CHALLENGE_LIFE_MS = 5 * 60_000;
const NONCE_BYTES = 16;
const TIME_BYTES = 6;
const MAC_BYTES = 16;

/** What is to be done with a passkey: log in with it, or add it to somebody's account. */
export type Purpose = 'login' | { readonly addTo: string };

/**
 * Challenges that say themselves until when and for what they are good, so that who only asks for one stores nothing.
 * That each is used once is for the table of used ones to see to.
 */
@Injectable()
export class PasskeyChallenges {
  private readonly key: Buffer;

  constructor(
    private readonly clock: Clock,
    @Inject(PASSKEYS_OPTIONS) { secret }: Pick<PasskeysOptions, 'secret'>,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'mockingbird passkey challenge', 32));
  }

  issue(purpose: Purpose): Uint8Array<ArrayBuffer> {
    const claim = randomBytes(NONCE_BYTES + TIME_BYTES);
    claim.writeUIntBE(this.clock.now() + CHALLENGE_LIFE_MS, NONCE_BYTES, TIME_BYTES);
    return new Uint8Array(Buffer.concat([claim, this.mac(purpose, claim)]));
  }

  /** @param challenge base64url, as authenticators give it back */
  isGood(purpose: Purpose, challenge: string): boolean {
    const bytes = Buffer.from(challenge, 'base64url');
    if (bytes.length !== NONCE_BYTES + TIME_BYTES + MAC_BYTES) return false;
    const claim = bytes.subarray(0, -MAC_BYTES);
    if (!timingSafeEqual(bytes.subarray(-MAC_BYTES), this.mac(purpose, claim))) return false;
    return this.clock.now() < claim.readUIntBE(NONCE_BYTES, TIME_BYTES);
  }

  /** Under which one is remembered as used. */
  static hash(challenge: string): Buffer {
    return createHash('sha256').update(Buffer.from(challenge, 'base64url')).digest();
  }

  private mac(purpose: Purpose, claim: Buffer): Buffer {
    const text = purpose === 'login' ? 'login' : `add to ${purpose.addTo}`;
    return createHmac('sha256', this.key).update(text).update(claim).digest().subarray(0, MAC_BYTES);
  }
}
