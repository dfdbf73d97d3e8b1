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

export class RefreshTokenMissingError extends DomainError {
  readonly kind = 'malformed';
  readonly code = 'auth.refresh_missing';

  constructor() {
    super('Send the refresh token in the body, or log in with the transport cookie.');
  }
}

/** A page of somebody else had the browser send the cookie, or something that is no browser sent it. */
export class OriginRefusedError extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'auth.origin_refused';

  constructor() {
    super('Requests with the refresh cookie need an Origin header that names an allowed origin.');
  }
}

export class RoleRequiredError extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'auth.role_required';

  constructor() {
    super('Your account does not have the role this needs.');
  }
}

/** The session is in force, but too long ago somebody showed who they are. */
export class StepUpRequiredError extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'auth.step_up_required';
  override readonly details: { readonly maxAgeSeconds: number };

  constructor(ttlMs: number) {
    super('Show first that it is you: POST /auth/step-up.');
    this.details = { maxAgeSeconds: Math.floor(ttlMs / 1000) };
  }
}

export class WeakPasswordError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'auth.weak_password';

  constructor() {
    super('This password is too easy to guess. Choose a longer or less common one.');
  }
}

/** A letter's token that is wrong, too old, or used; or of an account that was disabled. */
export class ResetTokenInvalidError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'auth.reset_token_invalid';

  constructor() {
    super('This link is not valid any more. Ask for a new one.');
  }
}

export class VerificationTokenInvalidError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'auth.verification_token_invalid';

  constructor() {
    super('This link is not valid any more. Log in and ask for a new one.');
  }
}

export class EmailAlreadyVerifiedError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'auth.email_already_verified';

  constructor() {
    super('This e-mail address is confirmed already.');
  }
}

/** Not 401, which would have clients log in again. */
export class CurrentPasswordWrongError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'auth.current_password_wrong';

  constructor() {
    super('The current password is wrong.');
  }
}
