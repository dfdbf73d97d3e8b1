import type { FastifyInstance } from 'fastify';

/**
 * Bodies are JSON and nothing else (415). Empty ones count as absent, since many clients send the header always.
 * Members named `__proto__` or `constructor.prototype` are refused.
 */
export function acceptOnlyJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body as string, done);
  });
}
