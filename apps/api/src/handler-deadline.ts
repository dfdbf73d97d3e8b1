import { ServiceUnavailableException } from '@nestjs/common';
import type { preHandlerHookHandler } from 'fastify';

/**
 * Answers 503 for a handler that takes longer. From its `preHandler` hook on, when the body is there, so that what is
 * answered from a cache pays nothing: Fastify's `handlerTimeout` makes a timer, a listener and an `AbortController` for
 * every request.
 */
export function handlerDeadline(ms: number): preHandlerHookHandler {
  return (_request, reply, done) => {
    const timer = setTimeout(() => {
      if (reply.raw.headersSent) reply.raw.destroy();
      else if (!reply.sent) void reply.send(new ServiceUnavailableException());
    }, ms);
    reply.raw.once('close', () => clearTimeout(timer));
    done();
  };
}
