import { SealedBox } from '@app/auth';
import { Clock } from '@app/clock';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { SECOND_FACTOR_OPTIONS, type SecondFactorOptions } from './second-factor.options.js';

/** What a login has proven so far. */
export interface LoginChallenge {
  readonly userId: string;
  /** Of the user when the password was right. */
  readonly epoch: number;
  /** Of the device, where it was known. */
  readonly markerId: string | undefined;
}

export const CHALLENGE_LIFE_MS = 5 * 60_000;
const OWNER = 'login';
const sealed = z.object({ userId: z.string(), epoch: z.int(), markerId: z.string().optional(), until: z.number() });

/**
 * Carries a login from the password to the code. Encrypted, and kept by the client alone: what can be used once is the
 * code.
 */
@Injectable()
export class LoginChallenges {
  private readonly box: SealedBox;

  constructor(
    private readonly clock: Clock,
    @Inject(SECOND_FACTOR_OPTIONS) { secret }: Pick<SecondFactorOptions, 'secret'>,
  ) {
    this.box = new SealedBox(secret, 'mockingbird login challenge');
  }

  issue(challenge: LoginChallenge): string {
    const text = JSON.stringify({ ...challenge, until: this.clock.now() + CHALLENGE_LIFE_MS });
    return this.box.seal(OWNER, text).toString('base64url');
  }

  /** Undefined for one that is not ours, or too old. */
  read(token: string): LoginChallenge | undefined {
    try {
      const { userId, epoch, markerId, until } = sealed.parse(
        JSON.parse(this.box.open(OWNER, Buffer.from(token, 'base64url'))),
      );
      return this.clock.now() < until ? { userId, epoch, markerId } : undefined;
    } catch {
      return undefined;
    }
  }
}
