import type { CacheAdapter } from '@app/cache';
import {
  CacheConnection,
  CacheRedis,
  IoredisCacheRedis,
  RedisCacheStore,
  RedisInvalidationLog,
} from '@app/cache/redis';
import { RedisYetCacheRedis } from '@app/cache/redis-yet';
import type { CacheRedisClient } from '@app/config';

export { RedisRateLimitStorage } from '@app/rate-limit/redis';
export { RedisRealtimeAdapter } from '@app/realtime/redis';
export { RedisModule } from '@app/redis';
export { RedisSessionStore, RedisTokenBlacklist } from '@app/sessions/redis';

/** The cache in Redis, on one of two client libraries. */
export function cacheOnRedis(client: CacheRedisClient): CacheAdapter {
  const redis = client === 'redis-yet' ? RedisYetCacheRedis : IoredisCacheRedis;
  return {
    store: RedisCacheStore,
    log: RedisInvalidationLog,
    providers: [CacheConnection, { provide: CacheRedis, useClass: redis }],
  };
}
