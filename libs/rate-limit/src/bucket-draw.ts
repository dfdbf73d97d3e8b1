import type { PolicyBucket } from './rate-limit.policies.js';
import type { RateLimitVerdict } from './rate-limit-storage.js';

/**
 * Tokens that a request takes from a bucket. Who asks Redis something else about the same user may take them on that
 * way, and then leaves the verdict here.
 */
export interface BucketDraw {
  readonly key: string;
  readonly bucket: PolicyBucket;
  readonly tokens: number;
  /** Absent until they were asked for. */
  verdict?: RateLimitVerdict;
}
