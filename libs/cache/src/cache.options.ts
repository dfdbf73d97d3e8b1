export interface CacheModuleOptions {
  readonly enabled: boolean;
  readonly defaultTtlMs: number;
  /** Freshness of cached HTTP responses. */
  readonly httpTtlMs: number;
  /** Bound of the memory store. */
  readonly maxMemoryBytes: number;
}

export const CACHE_OPTIONS = Symbol('CACHE_OPTIONS');
