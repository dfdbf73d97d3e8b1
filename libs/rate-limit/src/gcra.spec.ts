import fc from 'fast-check';
import { gcra } from './gcra.js';
import type { TokenBucket } from './rate-limit-storage.js';

const BUCKET = { tokensPerSecond: 5, burst: 3 };

/** Times of the requests that pass, of requests at `times`. */
function admitted(times: readonly number[], bucket: TokenBucket): number[] {
  let arrivalMs: number | undefined;
  return times.filter((now) => {
    const step = gcra(arrivalMs, now, bucket);
    arrivalMs = step.arrivalMs;
    return step.verdict.allowed;
  });
}

/** Counts in windows that begin with their first request, as most limiters do. */
function admittedByWindows(times: readonly number[], { tokensPerSecond, burst }: TokenBucket): number[] {
  let endsAt = -Infinity;
  let left = 0;
  return times.filter((now) => {
    if (now >= endsAt) [endsAt, left] = [now + (burst / tokensPerSecond) * 1000, burst];
    left -= 1;
    return left >= 0;
  });
}

/** Whether any stretch of time holds more than the burst and what refilled in it. */
function holdsBound(times: readonly number[], { tokensPerSecond, burst }: TokenBucket): boolean {
  return times.every((from, first) =>
    times.slice(first).every((to, index) => index + 1 <= burst + (tokensPerSecond * (to - from)) / 1000 + 1e-6),
  );
}

/** Requests at once and with pauses, measured in the time one token takes to refill. */
const schedules = fc
  .record({
    tokensPerSecond: fc.integer({ min: 1, max: 10_000 }).map((tenths) => tenths / 10),
    burst: fc.integer({ min: 1, max: 10 }),
    pauses: fc.array(
      fc.oneof(
        fc.constant(0),
        fc.integer({ min: 0, max: 400 }).map((hundredths) => hundredths / 100),
      ),
      { maxLength: 60 },
    ),
  })
  .map(({ pauses, ...bucket }) => {
    const times = [0];
    for (const pause of pauses) times.push((times.at(-1) ?? 0) + (pause * 1000) / bucket.tokensPerSecond);
    return { bucket, times };
  });

describe('gcra', () => {
  it('never lets more through than the burst and the sustained rate, in any stretch of time', () => {
    fc.assert(fc.property(schedules, ({ bucket, times }) => holdsBound(admitted(times, bucket), bucket)));
  });

  it('and that property sees the double burst of fixed windows', () => {
    const seen = fc.check(
      fc.property(schedules, ({ bucket, times }) => holdsBound(admittedByWindows(times, bucket), bucket)),
      { numRuns: 2000 },
    );
    expect(seen.failed).toBe(true);
  });

  it('lets everyone through who keeps to the sustained rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 10 }), (tokensPerSecond, burst) => {
        const times = Array.from({ length: 100 }, (_, index) => index * Math.ceil(1000 / tokensPerSecond));
        return admitted(times, { tokensPerSecond, burst }).length === 100;
      }),
    );
  });

  it('keeps its word: a refused request passes after retryAfterMs, and not a millisecond earlier', () => {
    let arrivalMs: number | undefined;
    for (let i = 0; i < 3; i += 1) arrivalMs = gcra(arrivalMs, 1000, BUCKET).arrivalMs;
    const { verdict } = gcra(arrivalMs, 1050, BUCKET);
    expect(verdict).toEqual({ allowed: false, remaining: 0, retryAfterMs: 150, resetMs: 550 });
    expect(gcra(arrivalMs, 1050 + verdict.retryAfterMs - 1, BUCKET).verdict.allowed).toBe(false);
    expect(gcra(arrivalMs, 1050 + verdict.retryAfterMs, BUCKET).verdict.allowed).toBe(true);
  });

  it('leaves the bucket of a refused request as it was', () => {
    const full = 1600;
    expect(gcra(full, 1000, BUCKET)).toMatchObject({ arrivalMs: full, verdict: { allowed: false } });
  });

  it('is not confused by a clock that steps back', () => {
    const { arrivalMs } = gcra(undefined, 10_000, BUCKET);
    expect(gcra(arrivalMs, 9000, BUCKET).verdict.allowed).toBe(false);
    expect(gcra(arrivalMs, 10_000, BUCKET).verdict.allowed).toBe(true);
  });
});
