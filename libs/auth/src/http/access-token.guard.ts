import { internalCaller, routePlanOf, type Principal, type RequestStep, type StepOutcome } from '@app/http';
import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessTokenInvalidError, AccessTokenMissingError } from '../auth.errors.js';
import { AccessTokenStrategy } from './access-token.strategy.js';

/** Lets a request in with a valid access token, or to a route that is `@Public()`. */
@Injectable()
export class AccessTokenGuard extends AuthGuard() implements RequestStep {
  constructor(private readonly strategy: AccessTokenStrategy) {
    super({ defaultStrategy: strategy.registeredName });
  }

  take(request: FastifyRequest, reply: FastifyReply): Promise<StepOutcome> | undefined {
    if (routePlanOf(request).isPublic) return undefined;
    const { authorization } = request.headers;
    if (authorization === undefined) {
      const caller = internalCaller();
      if (caller !== undefined) {
        Object.assign(request, { user: caller });
        return undefined;
      }
    } else {
      const readmitted = this.strategy.readmit(request, authorization);
      if (readmitted instanceof Promise) return readmitted.then(() => undefined);
      if (readmitted) return undefined;
    }
    return this.identify(new ExecutionContextHost([request, reply]));
  }

  override handleRequest<User = Principal>(
    error: unknown,
    user: User | false,
    _info: unknown,
    context: ExecutionContext,
  ): User {
    if (error) throw error;
    if (user) return user;
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    throw authorization === undefined ? new AccessTokenMissingError() : new AccessTokenInvalidError();
  }

  private async identify(context: ExecutionContext): Promise<undefined> {
    await this.canActivate(context);
  }
}
