export interface RedisModuleOptions {
  /** As `REDIS_ADDR`. */
  readonly addr: string;
}

export const REDIS_OPTIONS = Symbol('REDIS_OPTIONS');
