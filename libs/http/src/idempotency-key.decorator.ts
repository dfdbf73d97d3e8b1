import { InvalidInputError } from '@app/errors';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

const SHAPE = /^[\x21-\x7e]{1,100}$/;

/** The `Idempotency-Key` header of a write that may be repeated; undefined without one. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const key = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && SHAPE.test(key)) return key;
  throw new InvalidInputError([{ path: 'Idempotency-Key', message: 'Use 1 to 100 visible ASCII characters.' }]);
});

/** Documents the header. */
export const ApiIdempotencyKey = () =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Sending the same key again gives the same answer and changes nothing.',
    schema: { type: 'string', minLength: 1, maxLength: 100 },
  });
