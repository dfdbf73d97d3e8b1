import { createHash } from 'node:crypto';
import type { DeviceFacts } from '@app/http';
import { defineJob, JobHandlers, JobQueue } from '@app/jobs';
import { Mailer, MailQueue } from '@app/mail';
import { AuthEventLog, SessionsService } from '@app/sessions';
import { normalizeEmail, UserCredentials, UsersService } from '@app/users';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { AccountLetters } from './account-letters.js';
import { AccountMailLimits } from './account-mail-limits.js';
import { ResetTokenInvalidError, WeakPasswordError } from './auth.errors.js';
import { PasswordHasher } from './password-hasher.js';
import { isEasyToGuess } from './password-strength.js';
import { OneTimeTokenRepository } from './postgres/index.js';

const VALID_MINUTES = 30;

const sendReset = defineJob({ name: 'password-reset', payload: z.object({ email: z.string(), ip: z.string() }) });

/** A new password for somebody who reads the account's mail. */
@Injectable()
export class PasswordResetService implements OnModuleInit {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: UserCredentials,
    private readonly passwords: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly tokens: OneTimeTokenRepository,
    private readonly letters: AccountLetters,
    private readonly limits: AccountMailLimits,
    private readonly mailer: Mailer,
    private readonly mail: MailQueue,
    private readonly jobs: JobQueue,
    private readonly handlers: JobHandlers,
    private readonly events: AuthEventLog,
  ) {}

  onModuleInit(): void {
    this.handlers.handle(sendReset, ({ email, ip }, { id }) => this.send(email, ip, id));
  }

  /**
   * Does the same for every address; whether it has an account is looked up in the background.
   *
   * @throws {RateLimitedError}
   */
  async request(email: string, { ip }: DeviceFacts): Promise<void> {
    await this.limits.take('password-reset', email, ip);
    const address = normalizeEmail(email);
    const dedupeKey = createHash('sha256').update(address).digest('base64url');
    await this.jobs.enqueue(sendReset, { email: address, ip }, { dedupeKey });
  }

  /**
   * Sets the password and ends everything the user has.
   *
   * @throws {ResetTokenInvalidError} for a token that is wrong, too old, or used, and for a disabled account
   * @throws {WeakPasswordError} the token can be used again
   */
  async reset(token: string, password: string, { ip }: DeviceFacts): Promise<void> {
    const userId = await this.tokens.ownerOf('password_reset', token);
    const user = userId === undefined ? undefined : await this.users.find(userId);
    if (user?.status !== 'active') throw new ResetTokenInvalidError();
    if (isEasyToGuess(password, user.email)) throw new WeakPasswordError();
    const hash = await this.passwords.hash(password);
    await this.sessions.endAll(
      user.id,
      { reason: 'password_reset' },
      {
        alongside: async (tx) => {
          if ((await this.tokens.consume(tx, 'password_reset', token)) !== user.id) throw new ResetTokenInvalidError();
          if (!(await this.credentials.setPasswordHash(tx, user.id, hash))) throw new ResetTokenInvalidError();
          await this.tokens.withdraw(tx, 'password_reset', user.id);
          // Who has the token reads mail at the address.
          if (await this.credentials.markEmailVerified(tx, user.id)) {
            await this.events.record([{ kind: 'email.verified', userId: user.id, ip }], tx);
          }
          await this.events.record([{ kind: 'password.reset', userId: user.id, ip }], tx);
          await this.mail.enqueue(this.letters.passwordChanged(user, new Date()), tx);
        },
      },
    );
  }

  private async send(email: string, ip: string, jobId: string): Promise<void> {
    const user = await this.users.findByEmail(email);
    if (user?.status !== 'active') return;
    const token = await this.tokens.issue('password_reset', user.id, VALID_MINUTES * 60_000);
    await this.mailer.send({ ...this.letters.passwordReset(user, token, VALID_MINUTES), id: jobId });
    await this.events.record([{ kind: 'password.reset_requested', userId: user.id, ip }]);
  }
}
