import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryInvalidationLog } from '@app/cache/memory';
import { RedisCacheStore, RedisInvalidationLog } from '@app/cache/redis';
import type { CacheKey, CacheLookup } from '@app/cache';
import { cacheOnRedis } from '../../apps/api/src/redis-stores.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.js';
import { RedisServer } from '../support/redis-server.js';
import { startCacheInstance, type CacheInstance } from '../support/cache-instance.js';
import { CountedThings } from '../support/counted-things.js';
import { extent } from './support/extent.js';

const COLD_READS = 1000;
const KEYS = extent(1000, 300);
const WRITES_IN_FLIGHT = extent(200, 20);
const LIMIT_MS = extent(600_000, 120_000);

const percentile = (values: readonly number[], share: number) =>
  values.toSorted((one, other) => one - other)[Math.ceil(values.length * share) - 1] as number;

describe('two instances on one Redis and one Postgres', () => {
  let redis: RedisServer;
  let database: FreshDatabase;
  let a: CacheInstance;
  let b: CacheInstance;
  let things: CountedThings;
  let made = 0;
  const fresh = async (value = 1) => {
    const id = `t${(made += 1)}`;
    await things.put(a, id, value);
    things.loads = 0;
    return id;
  };

  beforeAll(async () => {
    redis = await RedisServer.start();
    database = await freshDatabase();
    const servers = { databaseUrl: database.url, redisAddr: redis.addr };
    a = await startCacheInstance(servers);
    b = await startCacheInstance(servers);
    things = await CountedThings.create(a);
  }, LIMIT_MS);
  beforeEach(() => Object.assign(things, { slowMs: 0, failure: undefined }));
  afterAll(async () => {
    await a.context.close();
    await b.context.close();
    await redis.stop();
    await database.drop();
  }, LIMIT_MS);

  it(`load once for ${COLD_READS} cold reads at the same time`, async () => {
    const id = await fresh();
    things.slowMs = 300;
    const reads = Array.from({ length: COLD_READS }, (_, index) => things.read(index % 2 === 0 ? a : b, id));
    expect(new Set(await Promise.all(reads))).toEqual(new Set([1]));
    expect(things.loads).toBe(1);
  });

  it('call a loader that fails once for each error window, whoever asks', async () => {
    const id = await fresh();
    things.failure = new Error('broken on purpose');
    const startedAt = performance.now();
    let refused = 0;
    while (performance.now() - startedAt < 3500) {
      const reads = await Promise.allSettled([things.read(a, id), things.read(b, id)]);
      refused += reads.filter(({ status }) => status === 'rejected').length;
      await sleep(5);
    }
    expect(refused).toBeGreaterThan(100);
    expect(things.loads).toBeGreaterThanOrEqual(3);
    expect(things.loads).toBeLessThanOrEqual(5);
  });

  it(`serve the new value on both after a write while it was being loaded (${WRITES_IN_FLIGHT} times)`, async () => {
    things.slowMs = 15;
    for (let round = 0; round < WRITES_IN_FLIGHT; round += 1) {
      const id = await fresh(1);
      const loading = things.read(a, id);
      await sleep(round % 15);
      await things.put(b, id, 2);
      const after = await Promise.all([things.read(b, id), loading, things.read(b, id)]);
      expect([after[0], after[2]]).toEqual([2, 2]);
      await eventually(async () => expect(await things.read(a, id)).toBe(2), 1000);
      expect([await things.read(a, id), await things.read(b, id)]).toEqual([2, 2]);
    }
  });

  it('see each other’s writes within 50 ms, 99 times of 100', async () => {
    const id = await fresh(0);
    const delays: number[] = [];
    for (let value = 1; value <= KEYS; value += 1) {
      await things.read(b, id);
      await things.put(a, id, value);
      const writtenAt = performance.now();
      while ((await things.read(b, id)) !== value) await new Promise((resolve) => setImmediate(resolve));
      delays.push(performance.now() - writtenAt);
    }
    process.stdout.write(`a write is seen after ${percentile(delays, 0.5).toFixed(2)} ms (p50), `);
    process.stdout.write(`${percentile(delays, 0.99).toFixed(2)} ms (p99)\n`);
    expect(percentile(delays, 0.99)).toBeLessThan(50);
  });

  it(`are fresh within a second after connections were cut and things were written (${KEYS} keys)`, async () => {
    const ids = await Promise.all(Array.from({ length: KEYS }, () => fresh(1)));
    for (const id of ids) await things.read(b, id);
    await redis.killConnections();
    for (let start = 0; start < ids.length; start += 50) {
      await Promise.all(ids.slice(start, start + 50).map((id) => things.put(a, id, 2)));
    }
    await sleep(1000);
    const values = await Promise.all(ids.map((id) => things.read(b, id)));
    expect(values.filter((value) => value !== 2)).toHaveLength(0);
  });

  it('see a write whose instance died before it could tell anybody', async () => {
    const id = await fresh(1);
    await things.read(b, id);
    const { store } = a;
    const invalidate = store.invalidate.bind(store);
    store.invalidate = () => new Promise(() => undefined);
    void things.put(a, id, 2);
    try {
      await eventually(async () => expect(await things.read(b, id)).toBe(2), 3000);
    } finally {
      store.invalidate = invalidate;
    }
  });

  it.each(['kill', 'pause'] as const)('go on without Redis (%s), and see what was written meanwhile', async (how) => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => fresh(1)));
    for (const id of ids) await Promise.all([things.read(a, id), things.read(b, id)]);
    await redis[how]();
    const first = performance.now();
    await things.read(a, ids[0] as string);
    const firstMs = performance.now() - first;
    await sleep(1200);
    things.loads = 0;
    const startedAt = performance.now();
    const durations: number[] = [];
    let reads = 0;
    while (performance.now() - startedAt < 1500) {
      const began = performance.now();
      await Promise.all(ids.map((id) => things.read(b, id)));
      durations.push(performance.now() - began);
      reads += ids.length;
    }
    process.stdout.write(`without Redis (${how}): the first read took ${firstMs.toFixed(0)} ms, `);
    process.stdout.write(
      `${reads} reads loaded ${things.loads} times, p99 of 50 at once ${percentile(durations, 0.99).toFixed(1)} ms\n`,
    );
    expect(firstMs).toBeLessThan(250);
    // Each key once a second, whatever comes.
    expect(things.loads).toBeLessThanOrEqual(ids.length * 3);
    await Promise.all(ids.map((id) => things.put(a, id, 2)));
    await (how === 'kill' ? redis.restart() : redis.resume());
    const seen = new Set<number | undefined>();
    const back = performance.now();
    while (performance.now() - back < 3000) {
      for (const value of await Promise.all(ids.map((id) => things.read(b, id)))) seen.add(value);
      // What is answered a second after the write is the new value, whether Redis is back yet or not.
      if (performance.now() - back > 1000) expect(seen.has(1)).toBe(false);
      else seen.clear();
      await sleep(20);
    }
    await eventually(async () => expect(await a.store.get({ name: 'x:y', tags: [] })).toBeUndefined(), 5000);
  });
});

describe('what is in no cache, while Redis is away', () => {
  let redis: RedisServer;
  let database: FreshDatabase;
  let instance: CacheInstance;
  beforeAll(async () => {
    redis = await RedisServer.start();
    database = await freshDatabase();
    instance = await startCacheInstance({ databaseUrl: database.url, redisAddr: redis.addr });
  }, LIMIT_MS);
  afterEach(() => (redis.pid === undefined ? redis.restart() : redis.resume()));
  afterAll(async () => {
    await instance.context.close();
    await redis.stop();
    await database.drop();
  });

  it.each(['kill', 'pause'] as const)('costs 200 ms more at first, then 20 ms, and one load (%s)', async (how) => {
    const things = await CountedThings.create(instance);
    const ids = Array.from({ length: 400 }, (_, index) => `${how}-${index}`);
    for (const id of ids) await things.put(instance, id, 1);
    await eventually(async () => expect(await instance.store.get({ name: 'x:y', tags: [] })).toBeUndefined(), 5000);
    const read = async (id: string) => {
      const began = performance.now();
      expect(await things.read(instance, id)).toBe(1);
      return performance.now() - began;
    };
    const usual: number[] = [];
    for (const id of ids.slice(0, 100)) usual.push(await read(id));
    const together = Math.max(...(await Promise.all(ids.slice(300).map(read))));
    await redis[how]();
    // Many at once, as learners come: all of them wait for the same silence.
    const first = await Promise.all(ids.slice(100, 200).map(read));
    const later: number[] = [];
    for (const id of ids.slice(200, 300)) later.push(await read(id));
    const usualMs = percentile(usual, 0.95);
    process.stdout.write(`uncached, Redis gone (${how}): usual p95 ${usualMs.toFixed(1)} ms, `);
    process.stdout.write(
      `100 at once at most ${together.toFixed(0)} ms, first 100 without ${Math.max(...first).toFixed(0)} ms, `,
    );
    process.stdout.write(`later p95 ${percentile(later, 0.95).toFixed(1)} ms\n`);
    expect(Math.max(...first)).toBeLessThan(200 + together);
    expect(percentile(later, 0.95)).toBeLessThan(20 + usualMs);
    expect(things.loads).toBe(ids.length);
  });
});

describe('the same is caught', () => {
  let redis: RedisServer;
  let database: FreshDatabase;
  const instances: CacheInstance[] = [];
  beforeAll(async () => {
    redis = await RedisServer.start();
    database = await freshDatabase();
  }, LIMIT_MS);
  afterEach(async () => {
    for (const { context } of instances.splice(0)) await context.close();
  });
  afterAll(async () => {
    await redis.stop();
    await database.drop();
  });
  const two = async (change: Partial<ReturnType<typeof cacheOnRedis>>) => {
    const servers = { databaseUrl: database.url, redisAddr: redis.addr };
    for (let which = 0; which < 2; which += 1) {
      instances.push(await startCacheInstance(servers, { ...cacheOnRedis('ioredis'), ...change }));
    }
    return instances as [CacheInstance, CacheInstance];
  };

  it('without the lease: more than one instance loads', async () => {
    class Generous extends RedisCacheStore {
      override async lookup(key: CacheKey): Promise<CacheLookup> {
        const found = await super.lookup(key);
        return found.state === 'loading' ? { state: 'lease', lease: { nonce: 'own', tagVersions: [] } } : found;
      }
    }
    const [a, b] = await two({ store: Generous });
    const things = await CountedThings.create(a);
    await things.put(a, 'no-lease', 1);
    things.slowMs = 200;
    await Promise.all(Array.from({ length: 100 }, (_, index) => things.read(index % 2 === 0 ? a : b, 'no-lease')));
    expect(things.loads).toBeGreaterThan(1);
  });

  it('without the log: copies stay', async () => {
    const [a, b] = await two({ log: MemoryInvalidationLog });
    const things = await CountedThings.create(a);
    await things.put(a, 'no-log', 1);
    await sleep(300);
    await things.read(b, 'no-log');
    await things.put(a, 'no-log', 2);
    await sleep(500);
    expect(await things.read(b, 'no-log')).toBe(1);
    expect(RedisInvalidationLog).not.toBe(MemoryInvalidationLog);
  });
});
