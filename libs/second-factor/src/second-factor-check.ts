import { SealedBox } from '@app/auth';
import { Clock } from '@app/clock';
import type { DeviceFacts } from '@app/http';
import { RateLimitedError, RateLimitStorage, type TokenBucket } from '@app/rate-limit';
import { AuthEventLog, deviceNameOf, type AuthEventKind } from '@app/sessions';
import { Inject, Injectable } from '@nestjs/common';
import { SecondFactorRepository } from './postgres/index.js';
import { RecoveryCodeHashes } from './recovery-code.js';
import { SECOND_FACTOR_OPTIONS, type SecondFactorOptions } from './second-factor.options.js';
import { stepOfCode } from './totp.js';

/** Of a million codes three are good at any moment: five tries, then one a minute. */
const CODE_LIMIT: TokenBucket = { tokensPerSecond: 1 / 60, burst: 5 };

/** One of the two. */
export interface SecondFactorProof {
  /** Of the authenticator app. */
  readonly code?: string | undefined;
  readonly recoveryCode?: string | undefined;
}

/** Whose proof, and which bucket it is taken from beside the account's own. */
export interface ProofOf {
  readonly userId: string;
  /** Of a known device or session, so that somebody else who has the password cannot use up its tries. */
  readonly markerId?: string | undefined;
}

/** Whether somebody has the second factor; each code once, and a few tries. */
@Injectable()
export class SecondFactorCheck {
  private readonly box: SealedBox;
  readonly hashes: RecoveryCodeHashes;

  constructor(
    private readonly repository: SecondFactorRepository,
    private readonly limits: RateLimitStorage,
    private readonly events: AuthEventLog,
    private readonly clock: Clock,
    @Inject(SECOND_FACTOR_OPTIONS) private readonly options: SecondFactorOptions,
  ) {
    this.box = new SealedBox(options.secret, 'mockingbird totp secret');
    this.hashes = new RecoveryCodeHashes(options.secret);
  }

  seal(userId: string, secret: string): Buffer {
    return this.box.seal(userId, secret);
  }

  /** The step of a code that the sealed secret gives now. */
  stepOf(userId: string, sealedSecret: Buffer, code: string): number | undefined {
    return stepOfCode(this.box.open(userId, sealedSecret), code, this.clock.now());
  }

  /**
   * Uses the proof up. False, and an event, when it is not good.
   *
   * @throws {RateLimitedError} after too many tries
   */
  async prove(of: ProofOf, proof: SecondFactorProof, device: DeviceFacts): Promise<boolean> {
    await this.take(of);
    const used = await this.use(of.userId, proof);
    if (used) {
      if (proof.recoveryCode !== undefined) await this.record('two_factor.recovery_code_used', of.userId, device);
    } else await this.record('two_factor.failed', of.userId, device);
    return used;
  }

  /** @throws {RateLimitedError} */
  async take({ userId, markerId = '' }: ProofOf): Promise<void> {
    if (!this.options.limited) return;
    const { allowed, retryAfterMs } = await this.limits.take(`second-factor:${userId}:${markerId}`, CODE_LIMIT);
    if (!allowed) throw new RateLimitedError(retryAfterMs);
  }

  private async use(userId: string, { code, recoveryCode }: SecondFactorProof): Promise<boolean> {
    if (code === undefined) {
      const hash = this.hashes.of(userId, recoveryCode ?? '');
      return this.repository.useRecoveryCode(userId, hash);
    }
    const totp = await this.repository.totpOf(userId);
    const step = totp?.on === true ? this.stepOf(userId, totp.sealedSecret, code) : undefined;
    return step !== undefined && this.repository.useStep(userId, step);
  }

  private record(kind: AuthEventKind, userId: string, { ip, userAgent }: DeviceFacts): Promise<void> {
    return this.events.record([{ kind, userId, ip, deviceName: deviceNameOf(userAgent) }]);
  }
}
