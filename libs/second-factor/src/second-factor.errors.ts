import { DomainError } from '@app/errors';

export type SecondFactorMethod = 'totp' | 'recovery_code';

/** The password was right; a code is to follow. */
export class SecondFactorRequiredError extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'auth.second_factor_required';
  override readonly details: { readonly challenge: string; readonly methods: readonly SecondFactorMethod[] };

  constructor(challenge: string) {
    super('Send a code of your authenticator app, or a recovery code, together with the challenge.');
    this.details = { challenge, methods: ['totp', 'recovery_code'] };
  }
}

/** Of a login that began too long ago, or whose password was changed since. */
export class LoginChallengeInvalidError extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'auth.challenge_invalid';

  constructor() {
    super('This login took too long. Begin again with the password.');
  }
}

/** A code that is wrong, too old, or used; at login. */
export class SecondFactorWrongError extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'auth.second_factor_wrong';

  constructor() {
    super('The code is wrong, too old, or was used already.');
  }
}

/** The same of somebody who is logged in: not 401, which would have clients log in again. */
export class CodeWrongError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'auth.code_wrong';

  constructor() {
    super('The code is wrong, too old, or was used already.');
  }
}

export class TotpAlreadyOnError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'auth.totp_already_on';

  constructor() {
    super('An authenticator app is set up already. Turn it off first.');
  }
}

export class TotpNotOnError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'auth.totp_not_on';

  constructor() {
    super('No authenticator app is being set up, or is in use.');
  }
}

/** A password where a code is needed. */
export class CodeNeededError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'auth.code_needed';

  constructor() {
    super('This account has an authenticator app: send a code of it, or a recovery code.');
  }
}
