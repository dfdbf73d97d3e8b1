export { CacheConnection } from './cache-connection.js';
export { CacheRedis } from './cache-redis.js';
export * from './ioredis-cache-redis.js';
export * from './redis-cache.store.js';
export * from './redis-invalidation-log.js';
