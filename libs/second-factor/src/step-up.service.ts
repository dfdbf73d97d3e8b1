import { CurrentPasswordWrongError, LoginLimits, PasswordHasher } from '@app/auth';
import type { DeviceFacts } from '@app/http';
import { SessionsService, type SessionRef } from '@app/sessions';
import { UserCredentials } from '@app/users';
import { Injectable } from '@nestjs/common';
import { SecondFactorRepository } from './postgres/index.js';
import { SecondFactorCheck, type SecondFactorProof } from './second-factor-check.js';
import { CodeNeededError, CodeWrongError } from './second-factor.errors.js';

export interface StepUpProof extends SecondFactorProof {
  readonly password?: string | undefined;
}

/** Lets somebody who is logged in show again that it is them, for routes that ask for it. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly repository: SecondFactorRepository,
    private readonly check: SecondFactorCheck,
    private readonly limits: LoginLimits,
    private readonly credentials: UserCredentials,
    private readonly passwords: PasswordHasher,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * By the second factor where the account has one, else by the password.
   *
   * @throws {CodeNeededError} for a password where a code is needed
   * @throws {CodeWrongError}
   * @throws {CurrentPasswordWrongError}
   * @throws {RateLimitedError}
   */
  async stepUp(session: SessionRef, proof: StepUpProof, device: DeviceFacts): Promise<void> {
    if (await this.repository.isOn(session.userId)) await this.proveFactor(session, proof, device);
    else await this.provePassword(session, proof.password ?? '', device);
    await this.sessions.confirmIdentity(session);
  }

  private async proveFactor({ userId, sessionId }: SessionRef, proof: StepUpProof, device: DeviceFacts): Promise<void> {
    if (proof.password !== undefined) throw new CodeNeededError();
    // A bucket of the session: nobody else can use up its tries.
    if (!(await this.check.prove({ userId, markerId: sessionId }, proof, device))) throw new CodeWrongError();
  }

  private async provePassword({ userId }: SessionRef, password: string, device: DeviceFacts): Promise<void> {
    await this.limits.admitUser(userId, device);
    const hash = await this.credentials.passwordHashOf(userId);
    if (!(await this.passwords.matches(password, hash))) throw new CurrentPasswordWrongError();
  }
}
