import { createHash } from 'node:crypto';
import type { Transaction } from '@app/database';
import type { DeviceFacts, Role } from '@app/http';
import { RateLimitedError, RateLimitStorage } from '@app/rate-limit';
import { AuthEventLog, RefreshRotation, SessionsService, type SessionGrant } from '@app/sessions';
import { normalizeEmail, UsersService, type User } from '@app/users';
import { Inject, Injectable } from '@nestjs/common';
import { AccessTokenIssuer } from './access-token-issuer.js';
import { InvalidCredentialsError, WeakPasswordError } from './auth.errors.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';
import { EmailVerificationService } from './email-verification.service.js';
import { NewDeviceNotice } from './new-device-notice.js';
import { PasswordHasher } from './password-hasher.js';
import { isEasyToGuess } from './password-strength.js';

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

export interface CreateOptions {
  readonly roles: readonly Role[];
  /** With a published password, which is not held to be a good one. */
  readonly demo?: boolean;
  readonly emailVerified?: boolean;
  /** Part of the transaction that makes the account. */
  readonly alongside?: (tx: Transaction, created: User) => Promise<void>;
}

/** What a client gets after it logged in or refreshed. */
export interface LoggedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
  readonly sessionId: string;
  /** How long the session lasts from now on if it is not refreshed. */
  readonly sessionRemainingMs: number;
  readonly user: User;
}

/** Registers, logs in and refreshes. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly rotation: RefreshRotation,
    private readonly passwords: PasswordHasher,
    private readonly issuer: AccessTokenIssuer,
    private readonly limits: RateLimitStorage,
    private readonly events: AuthEventLog,
    private readonly verification: EmailVerificationService,
    private readonly newDevices: NewDeviceNotice,
    @Inject(AUTH_OPTIONS) private readonly options: Pick<AuthOptions, 'loginLimit'>,
  ) {}

  /**
   * @throws {EmailTakenError}
   * @throws {WeakPasswordError}
   */
  async register(registration: Registration, device: DeviceFacts): Promise<LoggedIn> {
    const user = await this.create(registration, {
      roles: ['learner'],
      alongside: async (tx, { id }) => {
        await this.events.record([{ kind: 'account.registered', userId: id, ip: device.ip }], tx);
        await this.verification.begin(id, tx);
      },
    });
    return this.opened(user, device);
  }

  /** Makes an account without logging in. */
  async create({ email, password, displayName }: Registration, options: CreateOptions): Promise<User> {
    const { roles, demo = false, emailVerified = false, alongside } = options;
    if (!demo && isEasyToGuess(password, email)) throw new WeakPasswordError();
    const passwordHash = await this.passwords.hash(password);
    return this.users.create({ email, displayName, passwordHash, roles, demo, emailVerified }, alongside);
  }

  /**
   * @throws {InvalidCredentialsError} the same, after the same work, whatever was wrong
   * @throws {RateLimitedError} after too many attempts on the account
   */
  async login(email: string, password: string, device: DeviceFacts): Promise<LoggedIn> {
    await this.limitAttempts(email);
    const user = await this.users.findByEmail(email);
    const matched = await this.passwords.matches(password, user?.passwordHash);
    if (!matched || user?.status !== 'active') throw new InvalidCredentialsError();
    return this.opened(user, device);
  }

  /**
   * @throws {RefreshTokenInvalidError}
   * @throws {RefreshTokenReusedError}
   */
  async refresh(refreshToken: string, device: DeviceFacts): Promise<LoggedIn> {
    const grant = await this.rotation.rotate(refreshToken, device);
    return this.loggedIn(await this.users.get(grant.userId), grant);
  }

  private async opened(user: User, device: DeviceFacts): Promise<LoggedIn> {
    const grant = await this.sessions.open(user, device);
    await this.newDevices.note(user, device);
    return this.loggedIn(user, grant);
  }

  /** @throws {RateLimitedError} after too many tries of the account's password */
  async limitAttempts(email: string): Promise<void> {
    if (this.options.loginLimit === undefined) return;
    const account = createHash('sha256').update(normalizeEmail(email)).digest('base64url');
    const { allowed, retryAfterMs } = await this.limits.take(`login:${account}`, this.options.loginLimit);
    if (!allowed) throw new RateLimitedError(retryAfterMs);
  }

  /** The tokens of a session. */
  async loggedIn(user: User, grant: SessionGrant): Promise<LoggedIn> {
    const { accessToken, expiresInSeconds } = await this.issuer.issue(grant, user.roles);
    const { refreshToken, sessionId, remainingMs } = grant;
    return { accessToken, refreshToken, expiresInSeconds, sessionId, sessionRemainingMs: remainingMs, user };
  }
}
