import { AccessTokenVerifier, type AccessToken } from '@app/auth';
import { AccessCheck } from '@app/sessions';
import { Injectable } from '@nestjs/common';

/** Lets sockets in by the same rules as requests. */
@Injectable()
export class SocketAuthenticator {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly access: AccessCheck,
  ) {}

  /** @throws {DomainError} as for a request with this token */
  async authenticate(token: unknown): Promise<AccessToken> {
    const verified = await this.verifier.verify(typeof token === 'string' ? token : '');
    await this.access.assertInForce(verified);
    return verified;
  }
}
