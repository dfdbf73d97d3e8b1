import { AccessTokenGuard, RolesStep } from '@app/auth/http';
import { ResponseCache } from '@app/cache/http';
import { ANSWERED, type RequestStep, type RoutePlan, type StepOutcome } from '@app/http';
import { RateLimitGuard } from '@app/rate-limit/http';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * One request's way to its handler, in this order, before its body is read. What the routes' decorators say is in
 * their `RoutePlan`.
 */
@Injectable()
export class RequestGate {
  private readonly steps: readonly RequestStep[];

  constructor(accessToken: AccessTokenGuard, roles: RolesStep, rateLimit: RateLimitGuard, responses: ResponseCache) {
    this.steps = [accessToken, roles, rateLimit, responses];
  }

  /** @param openTo beginnings of paths, not of controllers, that everyone may have */
  watch(fastify: FastifyInstance, openTo: readonly string[]): void {
    fastify.addHook('onRoute', (route) => {
      if (openTo.some((start) => route.url.startsWith(start))) route.config = { ...route.config, plan: OPEN };
      // What the response cache gives is compressed already.
      if (route.config?.plan?.cached !== undefined) route.compress = false;
    });
    fastify.addHook('onRequest', (request, reply, done) => {
      if (request.is404) done();
      else this.enter(request, reply, done);
    });
  }

  private enter(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    try {
      const outcome = this.from(0, request, reply);
      if (!(outcome instanceof Promise)) settle(outcome, done);
      else outcome.then((later) => settle(later, done), done);
    } catch (error) {
      done(error as Error);
    }
  }

  /** The steps from one on; a promise only if one of them has to wait. */
  private from(first: number, request: FastifyRequest, reply: FastifyReply): StepOutcome | Promise<StepOutcome> {
    for (let index = first; index < this.steps.length; index += 1) {
      const outcome = (this.steps[index] as RequestStep).take(request, reply);
      if (outcome === ANSWERED) return outcome;
      if (outcome instanceof Promise) {
        return outcome.then((later) => (later === ANSWERED ? later : this.from(index + 1, request, reply)));
      }
    }
    return undefined;
  }
}

const OPEN: RoutePlan = { isPublic: true, isUnlimited: true };

/** A request that has been answered goes no further. */
function settle(outcome: StepOutcome, done: () => void): void {
  if (outcome !== ANSWERED) done();
}
