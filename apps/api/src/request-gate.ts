import { AccessTokenGuard, RolesStep } from '@app/auth/http';
import { ResponseCache } from '@app/cache/http';
import { ANSWERED, type RequestStep, type RoutePlan, type RouteStep, type StepOutcome } from '@app/http';
import { RateLimitGuard } from '@app/rate-limit/http';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';

const OPEN: RoutePlan = { isPublic: true, isUnlimited: true };
const GUARDED: RoutePlan = {};

/**
 * One request's way to its handler, in this order, before its body is read. What a route's decorators say is in its
 * `RoutePlan`, and decides when the route is registered which of the steps its requests take.
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
      const plan = openTo.some((start) => route.url.startsWith(start)) ? OPEN : (route.config?.plan ?? GUARDED);
      // What the response cache gives is compressed already.
      if (plan.cached !== undefined) route.compress = false;
      const steps = this.steps.map((step) => step.on(plan)).filter((step) => step !== undefined);
      if (steps.length > 0) route.onRequest = [route.onRequest ?? [], through(steps)].flat();
    });
  }
}

function through(steps: readonly RouteStep[]): onRequestHookHandler {
  return (request, reply, done) => {
    try {
      const outcome = from(0, steps, request, reply);
      if (!(outcome instanceof Promise)) settle(outcome, done);
      else outcome.then((later) => settle(later, done), done);
    } catch (error) {
      done(error as Error);
    }
  };
}

/** The steps from one on; a promise only if one of them has to wait. */
function from(
  first: number,
  steps: readonly RouteStep[],
  request: FastifyRequest,
  reply: FastifyReply,
): StepOutcome | Promise<StepOutcome> {
  for (let index = first; index < steps.length; index += 1) {
    const outcome = (steps[index] as RouteStep)(request, reply);
    if (outcome === ANSWERED) return outcome;
    if (outcome instanceof Promise) {
      return outcome.then((later) => (later === ANSWERED ? later : from(index + 1, steps, request, reply)));
    }
  }
  return undefined;
}

/** A request that has been answered goes no further. */
function settle(outcome: StepOutcome, done: () => void): void {
  if (outcome !== ANSWERED) done();
}
