import type { DeviceFacts } from '@app/http';
import { MailQueue } from '@app/mail';
import { AuthEventLog, SessionRevokedError, SessionsService, type SessionRef } from '@app/sessions';
import { UserCredentials, UsersService } from '@app/users';
import { Injectable } from '@nestjs/common';
import { AccountLetters } from './account-letters.js';
import { AccountsService, type LoggedIn } from './accounts.service.js';
import { CurrentPasswordWrongError, WeakPasswordError } from './auth.errors.js';
import { DeviceMarkers } from './device-markers.js';
import { LoginLimits } from './login-limits.js';
import { PasswordHasher } from './password-hasher.js';
import { isEasyToGuess } from './password-strength.js';
import { OneTimeTokenRepository } from './postgres/index.js';

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** A new password for somebody who knows the current one. */
@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly accounts: AccountsService,
    private readonly users: UsersService,
    private readonly credentials: UserCredentials,
    private readonly passwords: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly tokens: OneTimeTokenRepository,
    private readonly letters: AccountLetters,
    private readonly mail: MailQueue,
    private readonly events: AuthEventLog,
    private readonly limits: LoginLimits,
    private readonly markers: DeviceMarkers,
  ) {}

  /**
   * Ends every other session and gives this one new tokens.
   *
   * @throws {CurrentPasswordWrongError}
   * @throws {WeakPasswordError}
   * @throws {RateLimitedError} after too many attempts
   */
  async change(session: SessionRef, change: PasswordChange, device: DeviceFacts): Promise<LoggedIn> {
    const user = await this.users.get(session.userId);
    await this.limits.admitUser(user.id, device);
    const current = await this.credentials.passwordHashOf(user.id);
    if (!(await this.passwords.matches(change.currentPassword, current))) throw new CurrentPasswordWrongError();
    if (isEasyToGuess(change.newPassword, user.email)) throw new WeakPasswordError();
    const hash = await this.passwords.hash(change.newPassword);
    const grant = await this.sessions.endAll(
      user.id,
      { reason: 'password_changed' },
      {
        keep: session,
        alongside: async (tx) => {
          // Only over the password that was checked: of two changes at once, one wins.
          if (!(await this.credentials.setPasswordHash(tx, user.id, hash, current))) {
            throw new CurrentPasswordWrongError();
          }
          await this.tokens.withdraw(tx, 'password_reset', user.id);
          await this.events.record(
            [{ kind: 'password.changed', userId: user.id, sessionId: session.sessionId, ip: device.ip }],
            tx,
          );
          await this.mail.enqueue(this.letters.passwordChanged(user, new Date()), tx);
        },
      },
    );
    if (grant === undefined) throw new SessionRevokedError();
    return this.accounts.loggedIn(user, grant, this.markers.issue(user.email, grant.epoch));
  }
}
