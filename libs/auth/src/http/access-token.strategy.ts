import type { Principal } from '@app/http';
import { AccessCheck, ActivityRecorder } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { AccessTokenVerifier } from '../access-token-verifier.js';
import { BearerStrategy } from './bearer.strategy.js';

export const ACCESS_TOKEN_STRATEGY = 'access-token';

/** Lets in a token that is ours, current, and whose session is in force. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(BearerStrategy, ACCESS_TOKEN_STRATEGY) {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly access: AccessCheck,
    private readonly activity: ActivityRecorder,
  ) {
    super({});
  }

  async validate({ ip }: FastifyRequest, token: string): Promise<Principal> {
    const verified = await this.verifier.verify(token);
    await this.access.assertInForce(verified);
    this.activity.note(verified.sessionId, verified.generation, ip);
    return verified;
  }
}
