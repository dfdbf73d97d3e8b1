import { DomainError } from './domain-error.js';

/** One rejected member of the input. `path` is dotted, empty for the whole. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The request does not have the documented shape. */
export class InvalidInputError extends DomainError {
  readonly kind = 'malformed';
  readonly code = 'request.invalid';
  override readonly details: { readonly errors: readonly FieldError[] };

  constructor(errors: readonly FieldError[]) {
    super('The request does not have the documented shape.');
    this.details = { errors };
  }
}
