import { randomInt, randomUUID } from 'node:crypto';
import type { Role } from '@app/http';
import type { SessionGrant } from '@app/sessions';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE } from './access-token.js';
import { AUDIENCE, AUTH_OPTIONS, ISSUER, type AuthOptions } from './auth.options.js';
import { SigningKeys } from './signing-keys.js';

export interface IssuedAccessToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

@Injectable()
export class AccessTokenIssuer {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    @Inject(AUTH_OPTIONS) private readonly options: Pick<AuthOptions, 'accessTtlMs'>,
  ) {}

  /**
   * Lives up to 10 % less than configured, so that clients that logged in together do not refresh together; and no
   * longer than its session.
   */
  async issue(
    { userId, sessionId, epoch, generation, remainingMs }: SessionGrant,
    roles: readonly Role[],
  ): Promise<IssuedAccessToken> {
    const lifeMs = Math.min(this.options.accessTtlMs * (1 - randomInt(0, 100) / 1000), remainingMs);
    const expiresInSeconds = Math.max(1, Math.floor(lifeMs / 1000));
    const { kid, privateKey } = this.keys.current();
    const accessToken = await this.jwt.signAsync(
      { sid: sessionId, ep: epoch, rg: generation, roles: [...roles] },
      {
        algorithm: ACCESS_TOKEN_ALGORITHM,
        privateKey,
        header: { alg: ACCESS_TOKEN_ALGORITHM, typ: ACCESS_TOKEN_TYPE, kid },
        issuer: ISSUER,
        audience: AUDIENCE,
        subject: userId,
        jwtid: randomUUID(),
        expiresIn: expiresInSeconds,
      },
    );
    return { accessToken, expiresInSeconds };
  }
}
