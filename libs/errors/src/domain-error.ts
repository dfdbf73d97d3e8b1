/** Why a request cannot be served. The HTTP layer maps each kind to one status. */
export type ErrorKind =
  'malformed' | 'invalid' | 'unauthenticated' | 'forbidden' | 'not_found' | 'conflict' | 'rate_limited' | 'unavailable';

/** An expected failure. `code` is part of the public contract and never changes. */
export abstract class DomainError extends Error {
  abstract readonly kind: ErrorKind;
  abstract readonly code: string;
  /** Further members of the problem document, e.g. the current state after a conflict. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
}
