import { DomainError, type FieldError } from '@app/errors';

export class ExamNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'exam.not_found';

  constructor() {
    super('There is no such exam.');
  }
}

export class ExamClosedError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'exam.closed';

  constructor() {
    super('The exam is closed.');
  }
}

/** Also for what belongs to someone else. */
export class AttemptNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'attempt.not_found';

  constructor() {
    super('There is no such attempt.');
  }
}

export class AttemptInProgressError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'attempt.in_progress';

  constructor() {
    super('The attempt is not over yet.');
  }
}

/** Why a save changed nothing; `current` is what the server holds. */
abstract class SaveRefusedError extends DomainError {
  readonly kind = 'conflict';
  override readonly details: { readonly current: unknown };

  constructor(message: string, current: unknown) {
    super(message);
    this.details = { current };
  }
}

export class StaleRevisionError extends SaveRefusedError {
  readonly code = 'attempt.stale_revision';

  constructor(current: unknown) {
    super('Another device or tab saved in the meantime. Take over its state and save again.', current);
  }
}

export class AttemptOverError extends SaveRefusedError {
  readonly code = 'attempt.over';

  constructor(current: unknown) {
    super('The attempt is over. Nothing was changed.', current);
  }
}

export class DeadlinePassedError extends SaveRefusedError {
  readonly code = 'attempt.deadline_passed';

  constructor(current: unknown) {
    super('The time is up. Nothing was changed.', current);
  }
}

export class RequestIdReusedError extends SaveRefusedError {
  readonly code = 'attempt.request_id_reused';

  constructor(current: unknown) {
    super('This requestId was used for other answers. Make a new one for every save.', current);
  }
}

export class InvalidAnswersError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'attempt.invalid_answers';
  override readonly details: { readonly errors: readonly FieldError[] };

  constructor(errors: readonly FieldError[]) {
    super('Some answers do not fit the exam. Nothing was saved.');
    this.details = { errors };
  }
}
