import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { accountKey } from './account-key.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';

/** What a marker says: on this device somebody logged in to the account, while its epoch was this. */
export interface DeviceMarker {
  /** Of the device, random; nothing is stored under it. */
  readonly id: string;
  readonly epoch: number;
}

const ID_BYTES = 16;
const EPOCH_BYTES = 4;
const MAC_BYTES = 16;
const FORM = /^d1\.([\w-]{48})$/;

/**
 * Marks a device after a login, so that the guesses of strangers do not use up its attempts. A marker lets nobody in,
 * holds for one account, and for as long as no password change or logout everywhere has raised the account's epoch.
 */
@Injectable()
export class DeviceMarkers {
  private readonly key: Buffer;

  constructor(@Inject(AUTH_OPTIONS) { secret }: Pick<AuthOptions, 'secret'>) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'mockingbird device marker', 32));
  }

  issue(email: string, epoch: number, id = randomBytes(ID_BYTES).toString('base64url')): string {
    const claim = Buffer.alloc(ID_BYTES + EPOCH_BYTES);
    Buffer.from(id, 'base64url').copy(claim);
    claim.writeUInt32BE(epoch, ID_BYTES);
    return `d1.${Buffer.concat([claim, this.mac(email, claim)]).toString('base64url')}`;
  }

  /** Undefined for one that is not ours, or of another account. */
  read(token: string, email: string): DeviceMarker | undefined {
    const [, body] = FORM.exec(token) ?? [];
    if (body === undefined) return undefined;
    const bytes = Buffer.from(body, 'base64url');
    const claim = bytes.subarray(0, ID_BYTES + EPOCH_BYTES);
    if (!timingSafeEqual(bytes.subarray(-MAC_BYTES), this.mac(email, claim))) return undefined;
    return { id: claim.subarray(0, ID_BYTES).toString('base64url'), epoch: claim.readUInt32BE(ID_BYTES) };
  }

  private mac(email: string, claim: Buffer): Buffer {
    const mac = createHmac('sha256', this.key).update(accountKey(email)).update(claim).digest();
    return mac.subarray(0, MAC_BYTES);
  }
}
