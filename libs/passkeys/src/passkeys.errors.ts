import { DomainError } from '@app/errors';

/** At login; the same whatever was wrong. */
export class PasskeyRefusedError extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'auth.passkey_refused';

  constructor(cause?: unknown) {
    super('This passkey is not accepted.', { cause });
  }
}

/** When one is added: not 401, which would have clients log in again. */
export class PasskeyInvalidError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'passkey.invalid';

  constructor(cause?: unknown) {
    super('This passkey cannot be added. Ask for new options, and try again.', { cause });
  }
}

export class PasskeyExistsError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'passkey.exists';

  constructor() {
    super('This passkey was added before.');
  }
}

export class TooManyPasskeysError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'passkey.too_many';

  constructor() {
    super('You have as many passkeys as one account may have. Remove one first.');
  }
}

export class PasskeyNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'passkey.not_found';

  constructor() {
    super('You have no such passkey.');
  }
}
