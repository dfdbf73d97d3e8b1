import { Database } from '@app/database';
import { decodeCursor, encodeCursor, toPage, type Page, type PageQuery, type Principal } from '@app/http';
import { AuthEventLog, SessionsService, type Session, type SessionRef } from '@app/sessions';
import { UserDirectory, UsersService, type User, type UserFilter } from '@app/users';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AccountRemovalService } from './account-removal.service.js';
import { OwnAccountError } from './administration.errors.js';

/** Who does something to somebody's account, and from where. */
export interface Administrator extends Pick<Principal, 'userId'> {
  readonly ip: string;
}

/** What those who run the installation do with accounts; each change is in the audit log. */
@Injectable()
export class UserAdministrationService {
  constructor(
    private readonly users: UsersService,
    private readonly directory: UserDirectory,
    private readonly sessions: SessionsService,
    private readonly removal: AccountRemovalService,
    private readonly events: AuthEventLog,
    private readonly database: Database,
  ) {}

  async page(filter: UserFilter, { limit, cursor }: PageQuery): Promise<Page<User>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, z.uuid());
    const users = await this.directory.list(filter, limit + 1, after);
    return toPage(
      users,
      limit,
      (user) => user,
      ({ id }) => encodeCursor(id),
    );
  }

  /** @throws {UserNotFoundError} */
  get(id: string): Promise<User> {
    return this.users.get(id);
  }

  /**
   * Ends everything the account has, and lets it in no more. Again changes nothing.
   *
   * @throws {UserNotFoundError}
   * @throws {OwnAccountError}
   */
  async disable(id: string, admin: Administrator): Promise<void> {
    if (id === admin.userId) throw new OwnAccountError();
    if ((await this.users.get(id)).status === 'disabled') return;
    const by = { actorId: admin.userId, ip: admin.ip };
    await this.sessions.endAll(
      id,
      { reason: 'account_disabled', ...by },
      {
        alongside: async (tx) => {
          if (await this.directory.setStatus(tx, id, 'disabled')) {
            await this.events.record([{ kind: 'account.disabled', userId: id, ...by }], tx);
          }
        },
      },
    );
  }

  /**
   * Sessions that were ended stay so. Again changes nothing.
   *
   * @throws {UserNotFoundError}
   */
  async enable(id: string, admin: Administrator): Promise<void> {
    await this.users.get(id);
    await this.database.transaction(async (tx) => {
      if (!(await this.directory.setStatus(tx, id, 'active'))) return;
      await this.events.record([{ kind: 'account.enabled', userId: id, actorId: admin.userId, ip: admin.ip }], tx);
    });
  }

  /**
   * @throws {UserNotFoundError}
   * @throws {OwnAccountError}
   */
  async remove(id: string, admin: Administrator): Promise<void> {
    if (id === admin.userId) throw new OwnAccountError();
    await this.removal.remove(id, { actorId: admin.userId, ip: admin.ip });
  }

  /** @throws {UserNotFoundError} */
  async sessionsOf(id: string): Promise<Session[]> {
    await this.users.get(id);
    return this.sessions.list(id);
  }

  /** @throws {SessionNotFoundError} for one that has ended, or is of another account */
  revokeSession(session: SessionRef, { userId: actorId, ip }: Administrator): Promise<void> {
    return this.sessions.revoke(session, { reason: 'admin', actorId, ip });
  }

  /** @throws {UserNotFoundError} */
  async revokeSessions(id: string, { userId: actorId, ip }: Administrator): Promise<void> {
    await this.users.get(id);
    await this.sessions.endAll(id, { reason: 'admin', actorId, ip });
  }
}
