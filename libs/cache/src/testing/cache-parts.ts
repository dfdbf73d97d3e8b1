import { Clock } from '@app/clock';
import { Metrics } from '@app/observability';
import { CacheService } from '../cache.service.js';
import type { CacheStore } from '../cache-store.js';
import type { CacheModuleOptions } from '../cache.options.js';
import type { InvalidationLog } from '../invalidation-log.js';
import { Invalidations } from '../invalidations.js';
import { LocalCache } from '../local-cache.js';
import { LogFollower } from '../log-follower.js';
import { NamespaceStatistics } from '../namespace-statistics.js';
import { ReadThrough } from '../read-through.js';

const OPTIONS: CacheModuleOptions = {
  enabled: true,
  defaultTtlMs: 60_000,
  httpTtlMs: 900_000,
  maxMemoryBytes: 4_000_000,
  maxValueBytes: 100_000,
};

/** The cache of one instance, put together by hand over a store and a log. */
export interface CacheParts {
  readonly cache: CacheService;
  readonly local: LocalCache;
  readonly follower: LogFollower;
  readonly invalidations: Invalidations;
  readonly statistics: NamespaceStatistics;
}

export function cacheParts(
  { store, log, clock }: { readonly store: CacheStore; readonly log: InvalidationLog; readonly clock: Clock },
  changed: Partial<CacheModuleOptions> = {},
): CacheParts {
  const options = { ...OPTIONS, ...changed };
  const statistics = new NamespaceStatistics(new Metrics());
  const follower = new LogFollower(log, store, clock);
  const local = new LocalCache(clock, follower, store, options);
  const invalidations = new Invalidations(store, local);
  const readThrough = new ReadThrough(store, local, invalidations, statistics, clock, options);
  const cache = new CacheService(local, readThrough, invalidations, statistics, clock, options);
  return { cache, local, follower, invalidations, statistics };
}
