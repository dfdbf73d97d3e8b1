interface Bucket {
  startedAtMs: number;
  failures: number;
  total: number;
}

const BUCKETS = 10;

/** Counts calls and failures of the last while, in ten steps. */
export class RollingOutcomes {
  private readonly buckets: Bucket[] = Array.from({ length: BUCKETS }, emptyBucket);
  private readonly bucketMs: number;
  private newest = 0;

  constructor(windowMs: number) {
    this.bucketMs = windowMs / BUCKETS;
  }

  add(succeeded: boolean): void {
    const bucket = this.bucket(performance.now());
    bucket.total += 1;
    if (!succeeded) bucket.failures += 1;
  }

  count(): { readonly failures: number; readonly total: number } {
    const since = performance.now() - this.bucketMs * BUCKETS;
    let failures = 0;
    let total = 0;
    for (const bucket of this.buckets) {
      if (bucket.startedAtMs <= since) continue;
      failures += bucket.failures;
      total += bucket.total;
    }
    return { failures, total };
  }

  clear(): void {
    for (const bucket of this.buckets) Object.assign(bucket, emptyBucket());
  }

  private bucket(nowMs: number): Bucket {
    const newest = this.buckets[this.newest] as Bucket;
    if (nowMs - newest.startedAtMs < this.bucketMs) return newest;
    this.newest = (this.newest + 1) % BUCKETS;
    return Object.assign(this.buckets[this.newest] as Bucket, emptyBucket(), { startedAtMs: nowMs });
  }
}

function emptyBucket(): Bucket {
  return { startedAtMs: Number.NEGATIVE_INFINITY, failures: 0, total: 0 };
}
