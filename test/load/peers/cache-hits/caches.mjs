import { KEYS, NAMES, TTL_MS, valueOf } from './values.mjs';

const { REPOSITORY, REDIS_ADDR } = process.env;
const load = (index) => async () => valueOf(index);

/** Each gives the value of a key, and has it; by the name it is measured under. */
export const CACHES = {
  'lru-cache': async () => {
    const { LRUCache } = await import('lru-cache');
    const cache = new LRUCache({ max: 2 * KEYS });
    for (const [index, name] of NAMES.entries()) cache.set(name, valueOf(index));
    return (index) => cache.get(NAMES[index]);
  },
  'cache-manager': async () => {
    const [{ createCache }, { CacheableMemory }, { Keyv }] = await Promise.all([
      import('cache-manager'),
      import('cacheable'),
      import('keyv'),
    ]);
    const cache = createCache({ stores: [new Keyv({ store: new CacheableMemory({ lruSize: 2 * KEYS }) })] });
    return (index) => cache.wrap(NAMES[index], load(index), TTL_MS);
  },
  cacheable: async () => {
    const { Cacheable } = await import('cacheable');
    const cache = new Cacheable();
    return (index) => cache.getOrSet(NAMES[index], load(index), { ttl: TTL_MS });
  },
  bentocache: async () => {
    const [{ BentoCache, bentostore }, { memoryDriver }] = await Promise.all([
      import('bentocache'),
      import('bentocache/drivers/memory'),
    ]);
    const memory = memoryDriver({ maxItems: 2 * KEYS, serialize: false });
    const cache = new BentoCache({ default: 'memory', stores: { memory: bentostore().useL1Layer(memory) } });
    return (index) => cache.getOrSet({ key: NAMES[index], factory: load(index), ttl: TTL_MS });
  },
  'Mockingbird, in memory': async () => {
    const { cache } = await mockingbird(64_000_000);
    return (index) => cache.getOrLoad(NAMES[index], { tags: [`question:${index}`], ttlMs: TTL_MS }, load(index));
  },
  'ioredis GET': async () => {
    const redis = await connect();
    for (const [index, name] of NAMES.entries()) await redis.set(`raw:${name}`, JSON.stringify(valueOf(index)));
    return (index) => redis.getBuffer(`raw:${NAMES[index]}`);
  },
  'ioredis GET, JSON.parse': async () => {
    const redis = await connect();
    for (const [index, name] of NAMES.entries()) await redis.set(`raw:${name}`, JSON.stringify(valueOf(index)));
    return async (index) => JSON.parse(await redis.get(`raw:${NAMES[index]}`));
  },
  'Mockingbird, bytes in Redis': async () => {
    const { cache, store } = await mockingbird(1);
    for (const [index, name] of NAMES.entries()) {
      await cache.getOrLoad(name, { tags: [`question:${index}`], ttlMs: TTL_MS }, load(index));
    }
    const keys = NAMES.map((name, index) => ({ name, tags: [`question:${index}`] }));
    return (index) => store.get(keys[index]);
  },
  // Room for nothing in memory: each read goes to Redis.
  'Mockingbird, value in Redis': async () => {
    const { cache } = await mockingbird(1);
    return (index) => cache.getOrLoad(NAMES[index], { tags: [`question:${index}`], ttlMs: TTL_MS }, load(index));
  },
};

const door = (path) => import(`${REPOSITORY}/dist/libs/${path}/index.js`);

async function connect() {
  const { createRedisClient } = await door('redis/src');
  const redis = createRedisClient(REDIS_ADDR);
  await redis.connect();
  return redis;
}

const part = (name) => import(`${REPOSITORY}/dist/libs/cache/src/${name}.js`);

/** The product's cache on Redis, put together as it is in an instance that follows the log. */
async function mockingbird(maxMemoryBytes) {
  const [redis, { CacheConnection, IoredisCacheRedis, RedisCacheStore, RedisInvalidationLog }, { SystemClock }] =
    await Promise.all([connect(), door('cache/src/redis'), door('clock/src')]);
  const connection = new CacheConnection(new IoredisCacheRedis(redis, { addr: REDIS_ADDR }));
  await connection.onModuleInit();
  const clock = new SystemClock();
  const store = new RedisCacheStore(connection, clock);
  const cache = await cacheOver(store, new RedisInvalidationLog(connection), clock, maxMemoryBytes);
  return { cache, store };
}

async function cacheOver(store, log, clock, maxMemoryBytes) {
  const options = { enabled: true, defaultTtlMs: TTL_MS, httpTtlMs: TTL_MS, maxMemoryBytes, maxValueBytes: 100_000 };
  const [
    { Metrics },
    { NamespaceStatistics },
    { LogFollower },
    { LocalCache },
    { Invalidations },
    { ReadThrough },
    { CacheService },
  ] = await Promise.all([
    door('observability/src'),
    part('namespace-statistics'),
    part('log-follower'),
    part('local-cache'),
    part('invalidations'),
    part('read-through'),
    part('cache.service'),
  ]);
  const statistics = new NamespaceStatistics(new Metrics());
  const follower = new LogFollower(log, store, clock);
  const local = new LocalCache(clock, follower, store, options);
  const invalidations = new Invalidations(store, local);
  const readThrough = new ReadThrough(store, local, invalidations, statistics, clock, options);
  follower.onApplicationBootstrap();
  return new CacheService(local, readThrough, invalidations, statistics, clock, options);
}
