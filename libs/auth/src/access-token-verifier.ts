import { Clock } from '@app/clock';
import { Injectable } from '@nestjs/common';
import { JwtService, type JwtVerifyOptions } from '@nestjs/jwt';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, accessTokenClaims, type AccessToken } from './access-token.js';
import { AccessTokenExpiredError, AccessTokenInvalidError } from './auth.errors.js';
import { AUDIENCE, ISSUER } from './auth.options.js';
import type { SigningKey } from './signing-key.js';
import { SigningKeys } from './signing-keys.js';
import { isWrittenForm, readWrittenForm } from './written-form.js';

const LEEWAY_MS = 5000;
const MAX_TOKEN_LENGTH = 4096;
const MAX_REMEMBERED = 20_000;

/** Nothing but these three members: no `jwk`, `jku`, `x5u` or `crit` is ever looked at. */
const headerSchema = z.strictObject({
  alg: z.literal(ACCESS_TOKEN_ALGORITHM),
  typ: z.literal(ACCESS_TOKEN_TYPE),
  kid: z.string().regex(/^[\w-]{1,64}$/),
});

/** Verifies the signature and claims of a token once, and remembers it by its whole text until it expires. */
@Injectable()
export class AccessTokenVerifier {
  private readonly remembered = new LRUCache<string, AccessToken>({ max: MAX_REMEMBERED });

  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
  ) {}

  /** What a token says that was verified before and still is good; `verify` looks at every other. */
  recall(token: string): AccessToken | undefined {
    const known = this.remembered.get(token);
    return known !== undefined && this.isCurrent(known) && this.keys.trusts(known.keyId) ? known : undefined;
  }

  /**
   * @throws {AccessTokenExpiredError}
   * @throws {AccessTokenInvalidError} also once the key that signed it has been revoked
   */
  async verify(token: string): Promise<AccessToken> {
    const known = this.remembered.get(token);
    if (known !== undefined) {
      if (!this.isCurrent(known)) throw new AccessTokenExpiredError();
      if (!this.keys.trusts(known.keyId)) throw new AccessTokenInvalidError();
      return known;
    }
    if (token.length > MAX_TOKEN_LENGTH) throw new AccessTokenInvalidError();
    const key = await this.keys.find(keyIdOf(token));
    if (key === undefined) throw new AccessTokenInvalidError();
    const verified = this.read(token, key);
    if (!this.isCurrent(verified)) throw new AccessTokenExpiredError();
    this.remembered.set(token, verified);
    return verified;
  }

  private read(token: string, { kid, publicKey }: SigningKey): AccessToken {
    const options = {
      publicKey,
      algorithms: [ACCESS_TOKEN_ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      // Expiry is checked here, for remembered tokens too.
      ignoreExpiration: true,
    };
    try {
      // The library takes a key that is parsed already, which its type for this one option does not say.
      const verified = this.jwt.verify<object>(token, options as unknown as JwtVerifyOptions);
      const claims = accessTokenClaims.parse(verified);
      return {
        keyId: kid,
        userId: claims.sub,
        sessionId: claims.sid,
        epoch: claims.ep,
        generation: claims.rg,
        roles: claims.roles,
        expiresAtMs: claims.exp * 1000,
      };
    } catch (error) {
      throw new AccessTokenInvalidError(error);
    }
  }

  private isCurrent({ expiresAtMs }: AccessToken): boolean {
    return this.clock.now() < expiresAtMs + LEEWAY_MS;
  }
}

/** Of a token in the one spelling that we write. */
function keyIdOf(token: string): string {
  const [head = '', payload = '', signature = ''] = token.split('.');
  try {
    readWrittenForm(payload);
    if (!isWrittenForm(signature)) throw new Error('Another spelling');
    return headerSchema.parse(readWrittenForm(head)).kid;
  } catch (error) {
    throw new AccessTokenInvalidError(error);
  }
}
