import type { TokenBucket } from '@app/rate-limit';

export interface AuthOptions {
  /** Root of the key that seals signing keys at rest. */
  readonly secret: string;
  readonly accessTtlMs: number;
  /** How long a new signing key is published before it signs; copies of the key set may be kept half as long. */
  readonly keyPropagationMs: number;
  /** How long ago somebody may have shown who they are, for routes that ask. */
  readonly stepUpTtlMs: number;
  /** Origins of front ends, beside the server's own, whose pages may have the refresh cookie used. */
  readonly browserOrigins: readonly string[];
  /** Bucket of login attempts for one account, and for one device that is known to it; absent: no limit. */
  readonly loginLimit: TokenBucket | undefined;
  /** Bucket of login attempts from one address on accounts that do not know the device; absent: no limit. */
  readonly addressLoginLimit: TokenBucket | undefined;
}

export const AUTH_OPTIONS = Symbol('AUTH_OPTIONS');
export const ISSUER = 'mockingbird';
export const AUDIENCE = 'mockingbird-api';
