import type { ThrottlerStorage } from '@nestjs/throttler';
import type { RateLimitStorage } from './rate-limit-storage.js';

type ThrottlerRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * Our buckets as the storage of `@nestjs/throttler`: `limit` is the size of the bucket, and it refills whole in
 * `ttlMs`.
 */
export class ThrottlerStorageBridge implements ThrottlerStorage {
  constructor(private readonly storage: RateLimitStorage) {}

  async increment(key: string, ttlMs: number, limit: number): Promise<ThrottlerRecord> {
    const verdict = await this.storage.take(key, { tokensPerSecond: (limit * 1000) / ttlMs, burst: limit });
    return {
      totalHits: limit - verdict.remaining,
      timeToExpire: Math.ceil(verdict.resetMs / 1000),
      isBlocked: !verdict.allowed,
      timeToBlockExpire: Math.ceil(verdict.retryAfterMs / 1000),
    };
  }
}
