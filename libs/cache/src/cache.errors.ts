import { DomainError } from '@app/errors';

/** What was to be cached could not be loaded a moment ago, here or on another instance. */
export class CacheLoadFailedError extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'cache.load_failed';
  override readonly retryAfterSeconds = 1;

  constructor(cause?: unknown) {
    super('This cannot be read at the moment. Try again shortly.', { cause });
  }
}
