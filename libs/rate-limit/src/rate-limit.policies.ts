import type { Principal } from '@app/http';
import type { TokenBucket } from './rate-limit-storage.js';

/** The group of routes that name none. */
export const DEFAULT_GROUP = 'default';

/** What a policy may name beside groups of routes: everybody with a role, and who is not logged in. */
export type Caller = Principal['roles'][number] | 'anonymous';

/**
 * How much is allowed. Each group of routes has buckets of its own, so that what a page does too often in one cannot
 * keep the others from working.
 */
export interface RateLimitPolicies {
  /** For whoever nothing else is said of. */
  readonly requests: TokenBucket;
  /** By group; what is not said is as in `requests`. */
  readonly groups?: Readonly<Record<string, TokenBucket>>;
  /** By caller, in all groups that `groups` does not name. Who has several roles gets the most generous. */
  readonly callers?: Readonly<Partial<Record<Caller, TokenBucket>>>;
}

/** A bucket, and how `RateLimit-Policy` says it. */
export interface PolicyBucket extends TokenBucket {
  readonly described: string;
}

/** The buckets of one group of routes. */
export class GroupPolicy {
  private readonly fallback: PolicyBucket;
  private readonly callers: ReadonlyMap<string, PolicyBucket>;

  constructor(
    private readonly group: string,
    { requests, groups = {}, callers = {} }: RateLimitPolicies,
  ) {
    const own = Object.hasOwn(groups, group) ? groups[group] : undefined;
    this.fallback = this.describe(own ?? requests);
    const others = own === undefined ? Object.entries(callers) : [];
    this.callers = new Map(others.map(([caller, bucket]) => [caller, this.describe(bucket)]));
  }

  bucketOf(user: Pick<Principal, 'roles'> | undefined): PolicyBucket {
    if (this.callers.size === 0) return this.fallback;
    if (user === undefined) return this.callers.get('anonymous') ?? this.fallback;
    let best: PolicyBucket | undefined;
    for (const role of user.roles) {
      const bucket = this.callers.get(role) ?? this.fallback;
      if (best === undefined || bucket.tokensPerSecond > best.tokensPerSecond) best = bucket;
    }
    return best ?? this.fallback;
  }

  private describe(bucket: TokenBucket): PolicyBucket {
    const refillsInSeconds = Math.ceil(bucket.burst / bucket.tokensPerSecond);
    return { ...bucket, described: `"${this.group}";q=${bucket.burst};w=${refillsInSeconds}` };
  }
}
