import type { RateLimitVerdict, TokenBucket } from './rate-limit-storage.js';

/** The state of a bucket after a request: its theoretical arrival time, and what to answer. */
export interface GcraStep {
  readonly arrivalMs: number;
  readonly verdict: RateLimitVerdict;
}

/**
 * The generic cell rate algorithm (ITU-T I.371), the token bucket kept as one number: the time at which the bucket
 * would be full. `arrivalMs` is undefined for a full bucket. The Redis script computes the same.
 *
 * @param tokens to take, at most `burst`
 */
export function gcra(
  arrivalMs: number | undefined,
  nowMs: number,
  { tokensPerSecond, burst }: TokenBucket,
  tokens = 1,
): GcraStep {
  const intervalMs = 1000 / tokensPerSecond;
  const start = Math.max(arrivalMs ?? nowMs, nowMs);
  // Not `start + tokens * intervalMs - burst * intervalMs`: rounding would refuse a full bucket.
  const earliest = start - (burst - tokens) * intervalMs;
  const allowed = earliest <= nowMs;
  const end = allowed ? start + tokens * intervalMs : start;
  return {
    arrivalMs: end,
    verdict: {
      allowed,
      remaining: allowed ? Math.floor((nowMs - earliest) / intervalMs + 1e-3) : 0,
      retryAfterMs: allowed ? 0 : Math.ceil(earliest - nowMs),
      resetMs: Math.ceil(end - nowMs),
    },
  };
}
