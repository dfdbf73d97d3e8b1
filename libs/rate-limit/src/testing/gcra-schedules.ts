import fc from 'fast-check';
import type { TokenBucket } from '../rate-limit-storage.js';

/** Who takes what from one bucket, and when. */
export interface Taking {
  readonly bucket: TokenBucket;
  /** Times in whole milliseconds since the epoch, in order. */
  readonly takes: readonly { readonly atMs: number; readonly tokens: number }[];
}

const EPOCH_MS = Date.UTC(2027, 0, 4);

/** Buckets of every speed, with requests at once and after pauses, light ones and ones heavier than the bucket. */
export const gcraSchedules: fc.Arbitrary<Taking> = fc
  .record({
    tokensPerSecond: fc.integer({ min: 1, max: 10_000 }).map((tenths) => tenths / 10),
    burst: fc.integer({ min: 1, max: 10 }),
    steps: fc.array(
      fc.record({
        pauseMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })),
        tokens: fc.integer({ min: 1, max: 12 }),
      }),
      { minLength: 1, maxLength: 25 },
    ),
  })
  .map(({ steps, ...bucket }) => {
    let atMs = EPOCH_MS;
    return { bucket, takes: steps.map(({ pauseMs, tokens }) => ({ atMs: (atMs += pauseMs), tokens })) };
  });
