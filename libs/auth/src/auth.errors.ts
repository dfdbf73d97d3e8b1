import { DomainError } from '@app/errors';

/** The same for an unknown address, a wrong password and a disabled account. */
export class InvalidCredentialsError extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'auth.invalid_credentials';

  constructor() {
    super('E-mail address or password is wrong.');
  }
}

export class AccessTokenMissingError extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'auth.token_missing';

  constructor() {
    super('Send an access token: Authorization: Bearer <token>.');
  }
}

export class AccessTokenInvalidError extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'auth.token_invalid';

  constructor(cause?: unknown) {
    super('The access token is not valid.', { cause });
  }
}

export class AccessTokenExpiredError extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'auth.token_expired';

  constructor() {
    super('The access token has expired. Refresh it.');
  }
}

export class RoleRequiredError extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'auth.role_required';

  constructor() {
    super('Your account does not have the role this needs.');
  }
}

export class WeakPasswordError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'auth.weak_password';

  constructor() {
    super('This password is too easy to guess. Choose a longer or less common one.');
  }
}
