import type { Transaction } from '@app/database';
import type { DeviceFacts, Role } from '@app/http';
import {
  AuthEventBuffer,
  AuthEventLog,
  deviceNameOf,
  RefreshRotation,
  SessionsService,
  type SessionGrant,
} from '@app/sessions';
import { UsersService, type User } from '@app/users';
import { Injectable } from '@nestjs/common';
import { AccessTokenIssuer } from './access-token-issuer.js';
import { InvalidCredentialsError, WeakPasswordError } from './auth.errors.js';
import { DeviceMarkers } from './device-markers.js';
import { EmailVerificationService } from './email-verification.service.js';
import { LoginLimits, type LoginAttempt } from './login-limits.js';
import { NewDeviceNotice } from './new-device-notice.js';
import { PasswordHasher } from './password-hasher.js';
import { isEasyToGuess } from './password-strength.js';
import { SecondFactorGate } from './second-factor-gate.js';

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

export interface Login extends LoginAttempt {
  readonly password: string;
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
  /** Marks the device for the next login; absent where nobody gave a password. */
  readonly deviceToken: string | undefined;
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
    private readonly limits: LoginLimits,
    private readonly markers: DeviceMarkers,
    private readonly events: AuthEventLog,
    private readonly failures: AuthEventBuffer,
    private readonly verification: EmailVerificationService,
    private readonly secondFactor: SecondFactorGate,
    private readonly newDevices: NewDeviceNotice,
  ) {}

  /**
   * @throws {EmailTakenError}
   * @throws {WeakPasswordError}
   * @throws {RateLimitedError} after too many from one address
   */
  async register(registration: Registration, device: DeviceFacts): Promise<LoggedIn> {
    await this.limits.admitRegistration(device);
    const user = await this.create(registration, {
      roles: ['learner'],
      alongside: async (tx, { id }) => {
        await this.events.record([{ kind: 'account.registered', userId: id, ip: device.ip }], tx);
        await this.verification.begin(id, tx);
      },
    });
    return this.open(user, device);
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
   * @throws {DomainError} of the second factor, where the account has one
   * @throws {RateLimitedError} after too many attempts
   */
  async login({ email, password, deviceToken }: Login, device: DeviceFacts): Promise<LoggedIn> {
    const marker = await this.limits.admit({ email, deviceToken }, device);
    const user = await this.users.findByEmail(email);
    if (marker !== undefined && marker.epoch !== user?.authEpoch) await this.limits.admitStranger(email, device);
    const matched = await this.passwords.matches(password, user?.passwordHash);
    if (!matched || user?.status !== 'active') {
      this.noteFailure(user?.id, device);
      throw new InvalidCredentialsError();
    }
    await this.secondFactor.pass({ user, marker });
    return this.open(user, device, marker?.id);
  }

  /**
   * @throws {RefreshTokenInvalidError}
   * @throws {RefreshTokenReusedError}
   */
  async refresh(refreshToken: string, device: DeviceFacts): Promise<LoggedIn> {
    const grant = await this.rotation.rotate(refreshToken, device);
    return this.loggedIn(await this.users.get(grant.userId), grant);
  }

  /** A session for somebody who has shown who they are. `markerId`: of the device, where it is known. */
  async open(user: User, device: DeviceFacts, markerId?: string): Promise<LoggedIn> {
    const grant = await this.sessions.open(user, device);
    await this.newDevices.note(user, device);
    return this.loggedIn(user, grant, this.markers.issue(user.email, grant.epoch, markerId));
  }

  private noteFailure(userId: string | undefined, { ip, userAgent }: DeviceFacts): void {
    this.failures.note({ kind: 'login.failed', userId, ip, deviceName: deviceNameOf(userAgent) });
  }

  /** The tokens of a session. */
  async loggedIn(user: User, grant: SessionGrant, deviceToken?: string): Promise<LoggedIn> {
    const { accessToken, expiresInSeconds } = await this.issuer.issue(grant, user.roles);
    const { refreshToken, sessionId, remainingMs } = grant;
    return {
      accessToken,
      refreshToken,
      expiresInSeconds,
      sessionId,
      sessionRemainingMs: remainingMs,
      user,
      deviceToken,
    };
  }
}
