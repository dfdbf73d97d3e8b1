import { DomainError } from '@app/errors';

export class SessionNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'session.not_found';

  constructor() {
    super('There is no such session.');
  }
}

/** The session of a token has ended, or everything the user had was logged out. */
export class SessionRevokedError extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'auth.session_revoked';

  constructor() {
    super('This session has ended. Log in again.');
  }
}

/** Not a refresh token of ours, or one whose session has ended. */
export class RefreshTokenInvalidError extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'auth.refresh_invalid';

  constructor() {
    super('The refresh token is not valid. Log in again.');
  }
}

/** A refresh token that was replaced long ago came back: the session is over. */
export class RefreshTokenReusedError extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'auth.refresh_reused';

  constructor() {
    super('This refresh token was used before. The session was ended for safety; log in again.');
  }
}
