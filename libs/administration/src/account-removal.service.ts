import { AuthEventHistory, AuthEventLog, SessionsService, type RevocationCause } from '@app/sessions';
import { UserDirectory, UserNotFoundError, UsersService } from '@app/users';
import { Injectable } from '@nestjs/common';
import { LastAdminError } from './administration.errors.js';

/**
 * Deletes accounts, with everything that is about a person: sessions, attempts, devices, second factors; and with
 * address and device taken out of the events, which stay to be counted.
 */
@Injectable()
export class AccountRemovalService {
  constructor(
    private readonly users: UsersService,
    private readonly directory: UserDirectory,
    private readonly sessions: SessionsService,
    private readonly events: AuthEventLog,
    private readonly history: AuthEventHistory,
  ) {}

  /**
   * @throws {UserNotFoundError}
   * @throws {LastAdminError}
   */
  async remove(userId: string, { actorId, ip }: Omit<RevocationCause, 'reason'> = {}): Promise<void> {
    const { roles } = await this.users.get(userId);
    await this.sessions.endAll(
      userId,
      { reason: 'account_deleted', actorId, ip },
      {
        alongside: async (tx) => {
          if (roles.includes('admin') && !(await this.directory.hasOtherAdmin(tx, userId))) throw new LastAdminError();
          if (!(await this.directory.remove(tx, userId))) throw new UserNotFoundError();
          await this.history.anonymise(tx, userId);
          await this.events.record([{ kind: 'account.deleted', userId, actorId, ip }], tx);
        },
      },
    );
  }
}
