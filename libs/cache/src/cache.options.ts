export interface CacheModuleOptions {
  readonly enabled: boolean;
  /** How long a value is fresh unless its use says otherwise. */
  readonly defaultTtlMs: number;
  /** Freshness of cached HTTP responses. */
  readonly httpTtlMs: number;
  /** Bytes of cached values in the memory of this process. */
  readonly maxMemoryBytes: number;
  /** A larger value is not kept. */
  readonly maxValueBytes: number;
}

export const CACHE_OPTIONS = Symbol('CACHE_OPTIONS');
