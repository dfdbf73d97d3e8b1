import { DomainError, type FieldError } from '@app/errors';

export class QuestionNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'question.not_found';

  constructor() {
    super('There is no such question.');
  }
}

export class QuestionSetNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'question.set_not_found';

  constructor() {
    super('There is no such set of this part.');
  }
}

export class QuestionRulesError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'question.rules';
  override readonly details: { readonly errors: readonly FieldError[] };

  constructor(errors: readonly FieldError[]) {
    super('The question breaks rules of its part.');
    this.details = { errors };
  }
}

export class QuestionChangedError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'question.changed';
  override readonly details: { readonly currentVersion: number };

  constructor(currentVersion: number) {
    super('Somebody else changed the question. Load it again.');
    this.details = { currentVersion };
  }
}
