import { CacheStore } from '@app/cache';
import { MemoryCacheStore } from '@app/cache/memory';
import { RedisCacheStore } from '@app/cache/redis';
import { RateLimitStorage } from '@app/rate-limit';
import { MemoryRateLimitStorage } from '@app/rate-limit/memory';
import { RedisRateLimitStorage } from '@app/rate-limit/redis';
import { RealtimeAdapter } from '@app/realtime';
import { MemoryRealtimeAdapter } from '@app/realtime/memory';
import { RedisRealtimeAdapter } from '@app/realtime/redis';
import { SessionStore, TokenBlacklist } from '@app/sessions';
import { MemorySessionStore, MemoryTokenBlacklist } from '@app/sessions/memory';
import { RedisSessionStore, RedisTokenBlacklist } from '@app/sessions/redis';
import { freshRedis } from '../support/fresh-redis.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const PORTS = [CacheStore, RateLimitStorage, RealtimeAdapter, SessionStore, TokenBlacklist];

/** The class behind every port. */
function adaptersOf({ app }: TestApp): unknown[] {
  return PORTS.map((port) => app.get<object>(port, { strict: false }).constructor);
}

describe('the stores', () => {
  let app: TestApp | undefined;
  afterEach(() => app?.stop());

  it('are all in memory by default', async () => {
    app = await startTestApp({ mode: 'memory' });
    expect(adaptersOf(app)).toEqual([
      MemoryCacheStore,
      MemoryRateLimitStorage,
      MemoryRealtimeAdapter,
      MemorySessionStore,
      MemoryTokenBlacklist,
    ]);
  });

  it('all move to Redis with CACHE_TYPE=redis and REDIS_ADDR', async () => {
    app = await startTestApp({ mode: 'redis' });
    expect(adaptersOf(app)).toEqual([
      RedisCacheStore,
      RedisRateLimitStorage,
      RedisRealtimeAdapter,
      RedisSessionStore,
      RedisTokenBlacklist,
    ]);
  });

  it('keep tokens in Redis alone with TOKEN_STORE=redis', async () => {
    const redis = await freshRedis();
    app = await startTestApp({ mode: 'memory', environment: { TOKEN_STORE: 'redis', REDIS_ADDR: redis.addr } });
    expect(adaptersOf(app)).toEqual([
      MemoryCacheStore,
      MemoryRateLimitStorage,
      MemoryRealtimeAdapter,
      RedisSessionStore,
      RedisTokenBlacklist,
    ]);
    await app.stop();
    app = undefined;
    await redis.stop();
  });
});
