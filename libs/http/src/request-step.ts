import type { FastifyReply, FastifyRequest } from 'fastify';

/** The step has answered: nothing else is to be done for the request. */
export const ANSWERED = 'answered';

/** What became of a request in a step; nothing when it goes on. */
export type StepOutcome = typeof ANSWERED | undefined;

/**
 * One step on the way of a request to its handler. It refuses by throwing. A step that need not wait says so by not
 * giving a promise.
 */
export interface RequestStep {
  take(request: FastifyRequest, reply: FastifyReply): StepOutcome | Promise<StepOutcome>;
}
