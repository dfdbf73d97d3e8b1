import { DomainError } from '@app/errors';

export class OwnAccountError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'admin.own_account';

  constructor() {
    super('This is your own account: ask another admin, or delete it under /users/me.');
  }
}

export class LastAdminError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'account.last_admin';

  constructor() {
    super('You are the only admin. Nobody could run this installation without you.');
  }
}
