import { DomainError } from '@app/errors';

export class SigningKeyNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'signing_key.not_found';

  constructor() {
    super('There is no such signing key.');
  }
}
