import { Database, type Transaction } from '@app/database';
import type { DeviceFacts } from '@app/http';
import { defineJob, JobHandlers, JobQueue } from '@app/jobs';
import { Mailer } from '@app/mail';
import { AuthEventLog } from '@app/sessions';
import { UserCredentials, UsersService } from '@app/users';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { AccountLetters } from './account-letters.js';
import { AccountMailLimits } from './account-mail-limits.js';
import { EmailAlreadyVerifiedError, VerificationTokenInvalidError } from './auth.errors.js';
import { OneTimeTokenRepository } from './postgres/index.js';

const VALID_HOURS = 24;

const sendVerification = defineJob({ name: 'email-verification', payload: z.object({ userId: z.string() }) });

/** Finds out whether an account's owner reads mail at its address. */
@Injectable()
export class EmailVerificationService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly credentials: UserCredentials,
    private readonly tokens: OneTimeTokenRepository,
    private readonly letters: AccountLetters,
    private readonly limits: AccountMailLimits,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly handlers: JobHandlers,
    private readonly events: AuthEventLog,
  ) {}

  onModuleInit(): void {
    this.handlers.handle(sendVerification, ({ userId }, { id }) => this.send(userId, id));
  }

  /** Has the letter sent if `tx`, which makes the account, commits. */
  async begin(userId: string, tx: Transaction): Promise<void> {
    await this.jobs.enqueue(sendVerification, { userId }, { tx, dedupeKey: userId });
  }

  /**
   * @throws {EmailAlreadyVerifiedError}
   * @throws {RateLimitedError}
   */
  async sendAgain(userId: string, { ip }: DeviceFacts): Promise<void> {
    const { email, emailVerifiedAt } = await this.users.get(userId);
    if (emailVerifiedAt !== null) throw new EmailAlreadyVerifiedError();
    await this.limits.take('email-verification', email, ip);
    await this.jobs.enqueue(sendVerification, { userId }, { dedupeKey: userId });
  }

  /** @throws {VerificationTokenInvalidError} for a token that is wrong, too old, or used */
  async verify(token: string, { ip }: DeviceFacts): Promise<void> {
    await this.database.transaction(async (tx) => {
      const userId = await this.tokens.consume(tx, 'email_verification', token);
      if (userId === undefined) throw new VerificationTokenInvalidError();
      await this.tokens.withdraw(tx, 'email_verification', userId);
      if (!(await this.credentials.markEmailVerified(tx, userId))) return;
      await this.events.record([{ kind: 'email.verified', userId, ip }], tx);
    });
  }

  private async send(userId: string, jobId: string): Promise<void> {
    const user = await this.users.find(userId);
    if (user?.status !== 'active' || user.emailVerifiedAt !== null) return;
    const token = await this.tokens.issue('email_verification', userId, VALID_HOURS * 3_600_000);
    await this.mailer.send({ ...this.letters.verification(user, token, VALID_HOURS), id: jobId });
  }
}
