import { ROLES, type Role } from '@app/http';
import { z } from 'zod';

/** `typ` of the header (RFC 9068), which keeps other tokens from being taken for access tokens. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';
export const ACCESS_TOKEN_ALGORITHM = 'ES256';

/** Claims of an access token, times in seconds since the epoch. */
export const accessTokenClaims = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  jti: z.string(),
  iat: z.int(),
  exp: z.int(),
  ep: z.int(),
  rg: z.int(),
  roles: z.array(z.enum(ROLES)),
});

/** A verified access token. */
export interface AccessToken {
  /** Id of the key that signed it. */
  readonly keyId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly epoch: number;
  readonly generation: number;
  readonly roles: readonly Role[];
  readonly expiresAtMs: number;
}
