import { randomUUID } from 'node:crypto';
import type { Principal } from '@app/http';
import type { RouteLimit } from '@app/rate-limit';
import type { LimitedRequest } from '@app/rate-limit/http';
import { AccessCheck, ActivityRecorder } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import type { AccessToken } from '../access-token.js';
import { AccessTokenVerifier } from '../access-token-verifier.js';
import { BearerStrategy } from './bearer.strategy.js';

const SCHEME = 'Bearer ';

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

  /**
   * Lets a token in that was let in before, with no more work than its session needs.
   *
   * @param limit what the request will be counted by: asked about together with the session
   * @returns false when the token has to be looked at; a promise only if somebody has to be asked about the session
   */
  readmit(request: LimitedRequest, authorization: string, limit: RouteLimit | undefined): Promise<true> | boolean {
    const known = authorization.startsWith(SCHEME)
      ? this.verifier.recall(authorization.slice(SCHEME.length))
      : undefined;
    if (known === undefined) return false;
    request.draw = limit?.drawFor(known, request);
    const asked = this.access.assertInForce(known, request.draw);
    return asked === undefined ? this.admit(request, known) : asked.then(() => this.admit(request, known));
  }

  async validate(request: FastifyRequest, token: string): Promise<Principal> {
    const verified = await this.verifier.verify(token);
    await this.access.assertInForce(verified);
    this.admit(request, verified);
    return verified;
  }

  private admit(request: FastifyRequest & { user?: Principal }, verified: AccessToken): true {
    request.user = verified;
    this.activity.note(verified.sessionId, verified.generation, request);
    return true;
  }
}
