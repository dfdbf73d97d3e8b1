import type { AppConfig } from '@app/config';

/**
 * The adapters a configuration asks for. Memory is every library's own default; Redis is loaded only where it is
 * used, so that a laptop does not pay for it.
 */
export async function storesFor({ cache, tokens, redis: { addr } }: AppConfig) {
  const everything = cache.type === 'redis';
  const tokensToo = tokens.store === 'redis';
  if (addr === undefined || !(everything || tokensToo)) {
    return { modules: [], cache: {}, rateLimit: {}, realtime: {}, sessions: {} };
  }
  const redis = await import('./redis-stores.js');
  return {
    modules: [redis.RedisModule.forRoot({ addr })],
    cache: everything ? { adapter: redis.cacheOnRedis(cache.redisClient) } : {},
    rateLimit: everything ? { storage: redis.RedisRateLimitStorage } : {},
    realtime: everything ? { adapter: redis.RedisRealtimeAdapter } : {},
    sessions: tokensToo ? { blacklist: redis.RedisTokenBlacklist, store: redis.RedisSessionStore } : {},
  };
}
