/* oxlint-disable unicorn/no-array-fill-with-reference-type -- `fill` is the port's, not an array's */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheKey, CacheLease, CacheLookup, CacheStore } from '@app/cache';
import { MemoryCacheStore } from '@app/cache/memory';
import { RedisCacheStore } from '@app/cache/redis';
import { cacheStoreContract } from '@app/cache/testing';
import { SystemClock } from '@app/clock';
import { ManualClock } from '@app/clock/testing';
import { failuresOf, ownRedis, type OwnRedis } from './contract-runs.js';

const BOUND = { maxMemoryBytes: 1_000_000 };
const LONG_MS = 3_600_000;

type MemoryStore = new (...args: ConstructorParameters<typeof MemoryCacheStore>) => CacheStore;

const memory = (Store: MemoryStore) =>
  cacheStoreContract(async () => {
    const clock = new ManualClock();
    return { store: new Store(clock, BOUND), pass: async (ms) => clock.advance(ms) };
  });

describe('MemoryCacheStore', () => {
  for (const { name, run } of memory(MemoryCacheStore)) it(name, run);
});

describe('the cache contract catches, in memory,', () => {
  it('a store that ignores ttl', async () => {
    class Immortal extends MemoryCacheStore {
      override set(key: CacheKey, bytes: Buffer) {
        return super.set(key, bytes, LONG_MS);
      }
    }
    expect(await failuresOf(memory(Immortal))).toEqual(['forgets a value once its ttl has passed']);
  });

  it('a store that fills whatever happened to the lease', async () => {
    class Careless extends MemoryCacheStore {
      override async fill(key: CacheKey, _lease: CacheLease, bytes: Buffer, ttlMs: number) {
        await this.set(key, bytes, ttlMs);
        return true;
      }
    }
    expect(await failuresOf(memory(Careless))).toEqual([
      'ignores the release and the fill of a lease that is not held',
      'does not fill after a delete',
      'does not fill over a set',
      'never answers a load that began before one of its tags was invalidated',
    ]);
  });

  it('a store that gives two leases', async () => {
    class Generous extends MemoryCacheStore {
      override async lookup(key: CacheKey): Promise<CacheLookup> {
        const found = await super.lookup(key);
        return found.state === 'loading' ? { state: 'lease', lease: { nonce: randomUUID(), tagVersions: [] } } : found;
      }
    }
    expect(await failuresOf(memory(Generous))).toEqual([
      'gives one lease on a cold key, however many ask',
      'ignores the release and the fill of a lease that is not held',
    ]);
  });

  it('a store that never takes a lease back', async () => {
    class Clinging extends MemoryCacheStore {
      override async release() {
        // The next caller waits for the lease to end.
      }
    }
    expect(await failuresOf(memory(Clinging))).toEqual(['gives the lease again after it was released']);
  });

  it('a store that forgets to invalidate', async () => {
    class Stale extends MemoryCacheStore {
      override async invalidate() {
        // Entries stay fresh.
      }
    }
    expect(await failuresOf(memory(Stale))).toEqual([
      'never answers a load that began before one of its tags was invalidated',
      'gives a new lease after an invalidation though an older load is still under way',
      'invalidates every entry of a tag, and no other',
      'clears a namespace, and no other',
    ]);
  });

  it('a store that keeps text, not bytes', async () => {
    class Textual extends MemoryCacheStore {
      override set(key: CacheKey, bytes: Buffer, ttlMs: number) {
        return super.set(key, Buffer.from(bytes.toString('utf8')), ttlMs);
      }
    }
    expect(await failuresOf(memory(Textual))).toEqual(['answers the very bytes that were set, of any value']);
  });
});

const on = (create: () => CacheStore) => cacheStoreContract(async () => ({ store: create(), pass: (ms) => sleep(ms) }));

describe('with a real Redis,', () => {
  let redis: OwnRedis;
  const clock = new SystemClock();

  beforeAll(async () => {
    redis = await ownRedis();
  });
  afterAll(() => redis.close());

  describe('RedisCacheStore', () => {
    for (const { name, run } of on(() => new RedisCacheStore(redis.client, clock))) it(name, run);
  });

  it('another instance sees what one stored, and loses what one invalidated', async () => {
    const [here, there] = [new RedisCacheStore(redis.client, clock), new RedisCacheStore(redis.client, clock)];
    const key = { name: 'shared:k', tags: ['shared'] };
    await here.set(key, Buffer.from('v'), LONG_MS);
    expect((await there.get(key))?.bytes.toString()).toBe('v');
    await there.invalidate(['shared']);
    expect(await here.get(key)).toBeUndefined();
  });

  it('a flush takes values and leases away, and nothing else changes', async () => {
    const store = new RedisCacheStore(redis.client, clock);
    const key = { name: 'flushed:k', tags: ['t'] };
    const older = await store.lookup(key);
    await redis.server.flushAll();
    expect((await store.lookup(key)).state).toBe('lease');
    expect(older.state === 'lease' && (await store.fill(key, older.lease, Buffer.from('old'), LONG_MS))).toBe(false);
    expect(await store.get(key)).toBeUndefined();
  });

  describe('the cache contract catches', () => {
    it('a store that ignores ttl', async () => {
      class Immortal extends RedisCacheStore {
        override set(key: CacheKey, bytes: Buffer) {
          return super.set(key, bytes, LONG_MS);
        }
      }
      expect(await failuresOf(on(() => new Immortal(redis.client, clock)))).toEqual([
        'forgets a value once its ttl has passed',
      ]);
    });

    it('a store whose delete leaves the lease of a load under way', async () => {
      class Halfhearted extends RedisCacheStore {
        override async delete(name: string) {
          await redis.client.del(`c:{${name}}:e`);
        }
      }
      expect(await failuresOf(on(() => new Halfhearted(redis.client, clock)))).toEqual([
        'does not fill after a delete',
      ]);
    });

    it('a store whose clear flushes the database', async () => {
      class Flushing extends RedisCacheStore {
        override async clear() {
          await redis.client.flushall();
        }
      }
      expect(await failuresOf(on(() => new Flushing(redis.client, clock)))).toEqual([
        'clears a namespace, and no other',
      ]);
    });

    it('a store that captures tag versions after the load', async () => {
      class Late extends RedisCacheStore {
        override async fill(key: CacheKey, _lease: CacheLease, bytes: Buffer, ttlMs: number) {
          await this.set(key, bytes, ttlMs);
          return true;
        }
      }
      expect(await failuresOf(on(() => new Late(redis.client, clock)))).toEqual([
        'ignores the release and the fill of a lease that is not held',
        'does not fill after a delete',
        'does not fill over a set',
        'never answers a load that began before one of its tags was invalidated',
      ]);
    });
  });
});
