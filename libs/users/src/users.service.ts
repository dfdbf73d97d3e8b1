import type { Transaction } from '@app/database';
import { Injectable } from '@nestjs/common';
import { UserRepository } from './postgres/index.js';
import { normalizeEmail, type NewUser, type User, type UserWithPassword } from './user.js';
import { EmailTakenError, UserNotFoundError } from './users.errors.js';

@Injectable()
export class UsersService {
  constructor(private readonly users: UserRepository) {}

  /**
   * Makes an account, and in one transaction with it what `alongside` does.
   *
   * @throws {EmailTakenError} also when the same address is registered twice at once
   */
  create(user: NewUser, alongside?: (tx: Transaction, created: User) => Promise<void>): Promise<User> {
    return this.users.transaction(async (tx) => {
      const created = await this.users.insert(tx, { ...user, email: normalizeEmail(user.email) });
      if (created === undefined) throw new EmailTakenError();
      await alongside?.(tx, created);
      return created;
    });
  }

  find(id: string): Promise<User | undefined> {
    return this.users.findById(id);
  }

  /** @throws {UserNotFoundError} */
  async get(id: string): Promise<User> {
    const user = await this.users.findById(id);
    if (user === undefined) throw new UserNotFoundError();
    return user;
  }

  findByEmail(email: string): Promise<UserWithPassword | undefined> {
    return this.users.findByEmail(normalizeEmail(email));
  }

  /** @throws {UserNotFoundError} */
  async rename(id: string, displayName: string): Promise<User> {
    const user = await this.users.rename(id, displayName);
    if (user === undefined) throw new UserNotFoundError();
    return user;
  }

  async enableDemoAccounts(): Promise<void> {
    await this.users.enableDemoAccounts();
  }
}
