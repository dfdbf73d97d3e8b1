import { DomainError, UnavailableError } from '@app/errors';

/**
 * Awaits a Redis reply; a failure of Redis becomes `UnavailableError`.
 *
 * @throws {UnavailableError} when Redis does not answer, or answers with an error
 */
export function fromRedis<Reply>(reply: Promise<Reply>): Promise<Reply> {
  return reply.catch((error: unknown) => {
    throw error instanceof DomainError ? error : new UnavailableError('redis', error);
  });
}
