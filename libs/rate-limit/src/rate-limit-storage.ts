/** A token bucket: it refills steadily and holds at most `burst` tokens. */
export interface TokenBucket {
  readonly tokensPerSecond: number;
  readonly burst: number;
}

export interface RateLimitVerdict {
  readonly allowed: boolean;
  /** Whole tokens left. */
  readonly remaining: number;
  /** Until the same request would pass; 0 when it was allowed. */
  readonly retryAfterMs: number;
  /** Until the bucket is full again. */
  readonly resetMs: number;
}

/**
 * Where buckets live. Implementations must pass `rateLimitStorageContract()`.
 *
 * Guarantees: exact under any concurrency (never more than `burst` at once, never more than the sustained rate
 * after that); a refused request takes nothing; keys are independent; no timer per key; memory is bounded.
 */
export abstract class RateLimitStorage {
  /**
   * Takes tokens, or none: more than the bucket holds are as many as it holds. Never throws because a shared store is
   * out: it then limits locally. One in this process answers at once, without a promise.
   *
   * @param key braces mark what decides where it is kept, as in Redis Cluster
   */
  abstract take(key: string, bucket: TokenBucket, tokens?: number): Promise<RateLimitVerdict> | RateLimitVerdict;
}
