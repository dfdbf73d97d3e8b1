import { RateLimitedError, RateLimitStorage, type TokenBucket } from '@app/rate-limit';
import { Inject, Injectable } from '@nestjs/common';
import { accountKey } from './account-key.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';

/** Letters of one sort to one mailbox: five, then one in five minutes. */
const PER_MAILBOX: TokenBucket = { tokensPerSecond: 1 / 300, burst: 5 };
/** From one network address; a school is many people behind one. */
const PER_ADDRESS: TokenBucket = { tokensPerSecond: 1 / 5, burst: 100 };

/** How often letters can be asked for: the same whether or not there is such an account. */
@Injectable()
export class AccountMailLimits {
  constructor(
    private readonly limits: RateLimitStorage,
    @Inject(AUTH_OPTIONS) private readonly options: Pick<AuthOptions, 'loginLimit'>,
  ) {}

  /** @throws {RateLimitedError} */
  async take(sort: string, email: string, ip: string): Promise<void> {
    await this.takeFrom(`mail:${sort}:ip:${ip}`, PER_ADDRESS);
    await this.takeFrom(`mail:${sort}:${accountKey(email)}`, PER_MAILBOX);
  }

  private async takeFrom(key: string, bucket: TokenBucket): Promise<void> {
    if (this.options.loginLimit === undefined) return;
    const { allowed, retryAfterMs } = await this.limits.take(key, bucket);
    if (!allowed) throw new RateLimitedError(retryAfterMs);
  }
}
