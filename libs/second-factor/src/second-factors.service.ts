import { AccountLetters } from '@app/auth';
import type { Transaction } from '@app/database';
import type { DeviceFacts } from '@app/http';
import { MailQueue } from '@app/mail';
import { AuthEventLog, type SessionRef } from '@app/sessions';
import { UsersService } from '@app/users';
import { Inject, Injectable } from '@nestjs/common';
import { SecondFactorRepository } from './postgres/index.js';
import { newRecoveryCodes } from './recovery-code.js';
import { SecondFactorCheck } from './second-factor-check.js';
import { CodeWrongError, TotpAlreadyOnError, TotpNotOnError } from './second-factor.errors.js';
import { SECOND_FACTOR_OPTIONS, type SecondFactorOptions } from './second-factor.options.js';
import { newTotpSecret, totpUri } from './totp.js';

/** What an authenticator app needs, shown once. */
export interface TotpEnrolment {
  /** Base32. */
  readonly secret: string;
  readonly uri: string;
}

export interface SecondFactorStatus {
  readonly totp: boolean;
  readonly recoveryCodesLeft: number;
}

/** Sets up an account's authenticator app and recovery codes, and takes them away. */
@Injectable()
export class SecondFactorsService {
  constructor(
    private readonly repository: SecondFactorRepository,
    private readonly check: SecondFactorCheck,
    private readonly users: UsersService,
    private readonly events: AuthEventLog,
    private readonly letters: AccountLetters,
    private readonly mail: MailQueue,
    @Inject(SECOND_FACTOR_OPTIONS) private readonly options: Pick<SecondFactorOptions, 'serviceName'>,
  ) {}

  async status(userId: string): Promise<SecondFactorStatus> {
    const totp = await this.repository.isOn(userId);
    return { totp, recoveryCodesLeft: await this.repository.recoveryCodesLeft(userId) };
  }

  /**
   * Nothing changes for logins until a code confirms that the app has the secret.
   *
   * @throws {TotpAlreadyOnError}
   */
  async begin(userId: string): Promise<TotpEnrolment> {
    const { email } = await this.users.get(userId);
    const secret = newTotpSecret();
    if (!(await this.repository.begin(userId, this.check.seal(userId, secret)))) throw new TotpAlreadyOnError();
    return { secret, uri: totpUri(secret, email, this.options.serviceName) };
  }

  /**
   * From now on a login needs a code. Gives the recovery codes, which are never shown again.
   *
   * @throws {CodeWrongError}
   * @throws {TotpAlreadyOnError}
   * @throws {TotpNotOnError} when nothing was begun
   * @throws {RateLimitedError}
   */
  async confirm({ userId, sessionId }: SessionRef, code: string, device: DeviceFacts): Promise<string[]> {
    await this.check.take({ userId, markerId: sessionId });
    const totp = await this.repository.totpOf(userId);
    if (totp === undefined) throw new TotpNotOnError();
    if (totp.on) throw new TotpAlreadyOnError();
    const step = this.check.stepOf(userId, totp.sealedSecret, code);
    if (step === undefined) throw new CodeWrongError();
    return this.repository.transaction(async (tx) => {
      if (!(await this.repository.confirm(tx, userId, totp.sealedSecret, step))) throw new TotpAlreadyOnError();
      await this.announce(tx, userId, true, device);
      return this.replaceRecoveryCodes(tx, userId);
    });
  }

  /** Logins need no code any more. Turning off what is off changes nothing. */
  async turnOff(userId: string, device: DeviceFacts): Promise<void> {
    await this.repository.transaction(async (tx) => {
      if (await this.repository.turnOff(tx, userId)) await this.announce(tx, userId, false, device);
    });
  }

  /**
   * Earlier ones are good no more.
   *
   * @throws {TotpNotOnError}
   */
  async renewRecoveryCodes(userId: string): Promise<string[]> {
    if (!(await this.repository.isOn(userId))) throw new TotpNotOnError();
    return this.repository.transaction((tx) => this.replaceRecoveryCodes(tx, userId));
  }

  private async replaceRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    const hashes = codes.map((code) => this.check.hashes.of(userId, code));
    await this.repository.replaceRecoveryCodes(tx, userId, hashes);
    return codes;
  }

  private async announce(tx: Transaction, userId: string, on: boolean, { ip }: DeviceFacts): Promise<void> {
    const kind = on ? 'two_factor.enabled' : 'two_factor.disabled';
    await this.events.record([{ kind, userId, ip }], tx);
    const user = await this.users.get(userId);
    await this.mail.enqueue(this.letters.secondFactorChanged(user, on, new Date()), tx);
  }
}
