export { RedisCacheStore } from '@app/cache/redis';
export { RedisRateLimitStorage } from '@app/rate-limit/redis';
export { RedisRealtimeAdapter } from '@app/realtime/redis';
export { RedisModule } from '@app/redis';
export { RedisSessionStore, RedisTokenBlacklist } from '@app/sessions/redis';
