import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RoutePlan } from './route-plan.js';

/** The step has answered: nothing else is to be done for the request. */
export const ANSWERED = 'answered';

/** What became of a request in a step; nothing when it goes on. */
export type StepOutcome = typeof ANSWERED | undefined;

/**
 * What a step does with the requests of one route. It refuses by throwing. One that need not wait says so by not giving
 * a promise.
 */
export type RouteStep = (request: FastifyRequest, reply: FastifyReply) => StepOutcome | Promise<StepOutcome>;

/** One step on the way of a request to its handler. */
export interface RequestStep {
  /** Called once for each route; undefined where the step has nothing to do. */
  on(plan: RoutePlan): RouteStep | undefined;
}
