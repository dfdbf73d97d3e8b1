import { resolveSecurityHeaders } from '@nestjs/core/security/security-headers.js';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Sets what every answer has: headers of security, and the request's id. */
export type HeadersOfEveryAnswer = (request: FastifyRequest, reply: FastifyReply) => void;

/**
 * On Fastify's reply rather than with `app.useSecurityHeaders()`, which sets them on Node's response one by one: Node
 * then has to merge both for every answer.
 *
 * @param forOtherOrigins whether front ends elsewhere play the audio and show the pictures
 */
export function headersOfEveryAnswer(forOtherOrigins: boolean): HeadersOfEveryAnswer {
  const { headers } = resolveSecurityHeaders({
    contentSecurityPolicy: {
      directives: {
        'default-src': ["'self'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'upgrade-insecure-requests': null,
      },
    },
    crossOriginResourcePolicy: { policy: forOtherOrigins ? 'cross-origin' : 'same-origin' },
  });
  const always = headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return (request, reply) => {
    for (const [name, value] of always) reply.header(name, value);
    reply.header('x-request-id', request.id);
  };
}
