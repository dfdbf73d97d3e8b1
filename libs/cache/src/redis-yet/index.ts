export * from './redis-yet-cache-redis.js';
