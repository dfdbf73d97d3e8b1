import { internalCaller, type Principal, type RequestStep, type RoutePlan, type RouteStep } from '@app/http';
import { RateLimits, type RouteLimit } from '@app/rate-limit';
import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessTokenInvalidError, AccessTokenMissingError } from '../auth.errors.js';
import { AccessTokenStrategy } from './access-token.strategy.js';

/** Lets a request in with a valid access token, or to a route that is `@Public()`. */
@Injectable()
export class AccessTokenGuard extends AuthGuard() implements RequestStep {
  constructor(
    private readonly strategy: AccessTokenStrategy,
    private readonly limits: RateLimits,
  ) {
    super({ defaultStrategy: strategy.registeredName });
  }

  on(plan: RoutePlan): RouteStep | undefined {
    if (plan.isPublic) return undefined;
    const limit = this.limits.on(plan);
    return (request, reply) => this.take(request, reply, limit);
  }

  private take(
    request: FastifyRequest,
    reply: FastifyReply,
    limit: RouteLimit | undefined,
  ): Promise<undefined> | undefined {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      const caller = internalCaller();
      if (caller !== undefined) {
        Object.assign(request, { user: caller });
        return undefined;
      }
    } else {
      const readmitted = this.strategy.readmit(request, authorization, limit);
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
