import { Clock } from '@app/clock';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { gcra } from '../gcra.js';
import { RateLimitStorage, type RateLimitVerdict, type TokenBucket } from '../rate-limit-storage.js';

/** About 100 bytes each. The bucket used longest ago is dropped, which refills it: the safe side is the caller's. */
const MAX_BUCKETS = 200_000;

@Injectable()
export class MemoryRateLimitStorage extends RateLimitStorage {
  private readonly arrivals = new LRUCache<string, number>({ max: MAX_BUCKETS });

  constructor(private readonly clock: Clock) {
    super();
  }

  /** How many buckets are remembered. */
  get size(): number {
    return this.arrivals.size;
  }

  take(key: string, bucket: TokenBucket, tokens = 1): RateLimitVerdict {
    const taken = Math.min(tokens, bucket.burst);
    const { arrivalMs, verdict } = gcra(this.arrivals.get(key), this.clock.now(), bucket, taken);
    this.arrivals.set(key, arrivalMs);
    return verdict;
  }
}
