import { randomUUID } from 'node:crypto';
import type { Principal } from '@app/http';
import { AccessCheck, ActivityRecorder } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { AccessTokenVerifier } from '../access-token-verifier.js';
import { BearerStrategy } from './bearer.strategy.js';

/** Lets in a token that is ours, current, and whose session is in force. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(BearerStrategy, 'access-token') {
  /**
   * Passport's names are shared by all applications of a process: under one name, the last to start would check the
   * tokens of every other.
   */
  readonly registeredName = `access-token ${randomUUID()}`;

  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly access: AccessCheck,
    private readonly activity: ActivityRecorder,
  ) {
    super({});
    passport.use(this.registeredName, this);
  }

  async validate({ ip }: FastifyRequest, token: string): Promise<Principal> {
    const verified = await this.verifier.verify(token);
    await this.access.assertInForce(verified);
    this.activity.note(verified.sessionId, verified.generation, ip);
    return verified;
  }
}
