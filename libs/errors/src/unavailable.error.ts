import { DomainError } from './domain-error.js';

/** A dependency cannot answer now; nothing was changed that the caller was told of. */
export class UnavailableError extends DomainError {
  readonly kind = 'unavailable';
  readonly code: string;
  override readonly retryAfterSeconds = 1;

  constructor(dependency: 'database' | 'redis' | 'password_hashing' | 'signing_keys', cause?: unknown) {
    super(`The service is busy or being restored (${dependency}). Try again shortly.`, { cause });
    this.code = `${dependency}.unavailable`;
  }
}
