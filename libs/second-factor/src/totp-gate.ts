import { SecondFactorGate, type PasswordLogin } from '@app/auth';
import { Injectable } from '@nestjs/common';
import { LoginChallenges } from './login-challenge.js';
import { SecondFactorRepository } from './postgres/index.js';
import { SecondFactorRequiredError } from './second-factor.errors.js';

/** Asks accounts that have an authenticator app for a code after the password. */
@Injectable()
export class TotpGate extends SecondFactorGate {
  constructor(
    private readonly repository: SecondFactorRepository,
    private readonly challenges: LoginChallenges,
  ) {
    super();
  }

  /** @throws {SecondFactorRequiredError} */
  async pass({ user, marker }: PasswordLogin): Promise<void> {
    if (!(await this.repository.isOn(user.id))) return;
    const challenge = { userId: user.id, epoch: user.authEpoch, markerId: marker?.id };
    throw new SecondFactorRequiredError(this.challenges.issue(challenge));
  }
}
