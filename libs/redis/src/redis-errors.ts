import { DomainError, UnavailableError } from '@app/errors';

/**
 * Awaits a Redis reply; a failure of Redis becomes `UnavailableError`.
 *
 * @throws {UnavailableError} when Redis does not answer, or answers with an error
 */
export async function fromRedis<Reply>(reply: Promise<Reply>): Promise<Reply> {
  try {
    return await reply;
  } catch (error) {
    throw error instanceof DomainError ? error : new UnavailableError('redis', error);
  }
}
