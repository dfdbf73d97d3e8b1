import { AccountsService, type LoggedIn } from '@app/auth';
import type { DeviceFacts } from '@app/http';
import { UsersService } from '@app/users';
import { Injectable } from '@nestjs/common';
import { LoginChallenges } from './login-challenge.js';
import { SecondFactorCheck, type SecondFactorProof } from './second-factor-check.js';
import { LoginChallengeInvalidError, SecondFactorWrongError } from './second-factor.errors.js';

/** The second step of a login. */
@Injectable()
export class SecondFactorLoginService {
  constructor(
    private readonly challenges: LoginChallenges,
    private readonly check: SecondFactorCheck,
    private readonly users: UsersService,
    private readonly accounts: AccountsService,
  ) {}

  /**
   * @throws {LoginChallengeInvalidError} when it is too old, or the password was changed since, or the account disabled
   * @throws {SecondFactorWrongError}
   * @throws {RateLimitedError} after too many codes
   */
  async login(challenge: string, proof: SecondFactorProof, device: DeviceFacts): Promise<LoggedIn> {
    const begun = this.challenges.read(challenge);
    const user = begun && (await this.users.find(begun.userId));
    if (user?.status !== 'active' || user.authEpoch !== begun?.epoch) throw new LoginChallengeInvalidError();
    if (!(await this.check.prove(begun, proof, device))) throw new SecondFactorWrongError();
    return this.accounts.open(user, device, begun.markerId);
  }
}
