import { DomainError } from '@app/errors';

export class EmailTakenError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'user.email_taken';

  constructor() {
    super('There is already an account with this e-mail address.');
  }
}

export class UserNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'user.not_found';

  constructor() {
    super('There is no such account.');
  }
}
