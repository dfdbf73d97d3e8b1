import { DomainError } from '@app/errors';

/** Too many requests; `retryAfterSeconds` says when one would pass. */
export class RateLimitedError extends DomainError {
  readonly kind = 'rate_limited';
  readonly code = 'rate_limit.exceeded';
  override readonly retryAfterSeconds: number;

  constructor(retryAfterMs: number) {
    super('Too many requests. Try again later.');
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  }
}
