/* oxlint-disable unicorn/no-array-fill-with-reference-type -- `fill` is the port's, not an array's */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheKey, CacheLease, CacheLookup, CacheStore, NewEntry } from '@app/cache';
import { MemoryCacheStore } from '@app/cache/memory';
import { RedisCacheStore } from '@app/cache/redis';
import { cacheStoreContract } from '@app/cache/testing';
import { RedisCluster } from '../support/redis-cluster.js';
import { RedisServer } from '../support/redis-server.js';
import { cacheInstance, memorySubject, type CacheInstance, type MemoryStore, type RedisStore } from './cache-stores.js';
import { failuresOf } from './contract-runs.js';

const LONG_MS = 3_600_000;
const entryOf = (text: string): NewEntry => ({
  kind: 'value',
  bytes: Buffer.from(text),
  freshMs: LONG_MS,
  staleMs: 0,
  loadMs: 0,
});

const memory = (Store: MemoryStore) =>
  cacheStoreContract(async () => {
    const { store, clock } = memorySubject(Store);
    return { store, pass: async (ms) => clock.advance(ms) };
  });

describe('MemoryCacheStore', () => {
  for (const { name, run } of memory(MemoryCacheStore)) it(name, run);

  it('holds no more than its bytes', async () => {
    const { store } = memorySubject();
    for (let index = 0; index < 300; index += 1) {
      await store.set({ name: `n:${index}`, tags: [] }, { ...entryOf(''), bytes: Buffer.alloc(10_000) });
    }
    const { entries } = await store.scan({}, undefined, 1000);
    expect(entries.length).toBeGreaterThan(50);
    expect(entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeLessThan(1_000_000);
  });
});

describe('the cache contract catches, in memory,', () => {
  it('a store that ignores ttl', async () => {
    class Immortal extends MemoryCacheStore {
      override set(key: CacheKey, entry: NewEntry) {
        return super.set(key, { ...entry, freshMs: LONG_MS });
      }
    }
    expect(await failuresOf(memory(Immortal))).toEqual([
      'forgets a value once its ttl has passed',
      'answers a value that is not fresh any more as stale, with the lease for one caller',
      'forgets a stale value when its time is over, too',
    ]);
  });

  it('a store that fills whatever happened to the lease', async () => {
    class Careless extends MemoryCacheStore {
      override async fill(key: CacheKey, _lease: CacheLease, entry: NewEntry) {
        await this.set(key, entry);
        return true;
      }
    }
    expect(await failuresOf(memory(Careless))).toEqual([
      'ignores the release and the fill of a lease that is not held',
      'does not fill after a delete',
      'does not fill over a set',
      'never answers a load that began before one of its tags was invalidated',
      'never answers a load that began before its namespace was cleared',
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
      'takes any text for a name and a tag',
      'never answers a load that began before one of its tags was invalidated',
      'never answers a load that began before its namespace was cleared',
      'gives a new lease after an invalidation though an older load is still under way',
      'does not answer as stale what was invalidated',
      'invalidates every entry of a tag, and no other',
      'clears a namespace, and no other',
      'does not show what was invalidated or deleted',
    ]);
  });

  it('a store that keeps text, not bytes', async () => {
    class Textual extends MemoryCacheStore {
      override set(key: CacheKey, entry: NewEntry) {
        return super.set(key, { ...entry, bytes: Buffer.from(entry.bytes.toString('utf8')) });
      }
    }
    expect(await failuresOf(memory(Textual))).toEqual(['answers the very bytes that were set, of any value']);
  });

  it('a store that takes a failure for a value', async () => {
    class Hopeful extends MemoryCacheStore {
      override set(key: CacheKey, entry: NewEntry) {
        return super.set(key, { ...entry, kind: 'value' });
      }
    }
    expect(await failuresOf(memory(Hopeful))).toEqual([
      'keeps that there is none, and that a load failed, apart from a value',
    ]);
  });
});

const on = (instance: CacheInstance, Store?: RedisStore) =>
  cacheStoreContract(async () => ({ store: instance.subject(Store).store, pass: (ms) => sleep(ms) }));

describe.each(['ioredis', 'redis-yet'] as const)('RedisCacheStore on %s', (client) => {
  let server: RedisServer;
  let here: CacheInstance;
  let there: CacheInstance;
  beforeAll(async () => {
    server = await RedisServer.start();
    here = await cacheInstance(server.addr, client);
    there = await cacheInstance(server.addr, client);
  });
  afterAll(async () => {
    await here.close();
    await there.close();
    await server.stop();
  });

  for (const { name } of cacheStoreContract(async () => ({ store: {} as CacheStore, pass: async () => {} }))) {
    it(name, async () =>
      on(here)
        .find((each) => each.name === name)
        ?.run(),
    );
  }

  it('shows another instance what one stored, and what one invalidated', async () => {
    const key = { name: 'shared:k', tags: ['shared'] };
    await here.subject().store.set(key, entryOf('v'));
    expect((await there.subject().store.get(key))?.bytes.toString()).toBe('v');
    await there.subject().store.invalidate(['shared']);
    expect(await here.subject().store.get(key)).toBeUndefined();
  });

  it('loses values and leases with a flush, and nothing else changes', async () => {
    const { store } = here.subject();
    const key = { name: 'flushed:k', tags: ['t'] };
    const older = await store.lookup(key);
    await server.flushAll();
    expect((await store.lookup(key)).state).toBe('lease');
    expect(older.state === 'lease' && (await store.fill(key, older.lease, entryOf('old')))).toBe(false);
    expect(await store.get(key)).toBeUndefined();
  });
});

describe('RedisCacheStore on a cluster of three', () => {
  let cluster: RedisCluster;
  let instance: CacheInstance;
  beforeAll(async () => {
    cluster = await RedisCluster.start();
    instance = await cacheInstance(cluster.addr);
  });
  afterAll(async () => {
    await instance.close();
    await cluster.stop();
  });

  for (const { name } of cacheStoreContract(async () => ({ store: {} as CacheStore, pass: async () => {} }))) {
    it(name, async () =>
      on(instance)
        .find((each) => each.name === name)
        ?.run(),
    );
  }
});

describe('the cache contract catches, on Redis,', () => {
  let server: RedisServer;
  let instance: CacheInstance;
  beforeAll(async () => {
    server = await RedisServer.start();
    instance = await cacheInstance(server.addr);
  });
  afterAll(async () => {
    await instance.close();
    await server.stop();
  });

  it('a store that ignores ttl', async () => {
    class Immortal extends RedisCacheStore {
      override set(key: CacheKey, entry: NewEntry) {
        return super.set(key, { ...entry, freshMs: LONG_MS });
      }
    }
    expect(await failuresOf(on(instance, Immortal))).toEqual([
      'forgets a value once its ttl has passed',
      'answers a value that is not fresh any more as stale, with the lease for one caller',
      'forgets a stale value when its time is over, too',
    ]);
  });

  it('a store whose delete leaves the lease of a load under way', async () => {
    class Halfhearted extends RedisCacheStore {
      override async delete(names: readonly string[]) {
        const leases = await Promise.all(names.map((name) => this.lookup({ name, tags: [] })));
        const deleted = await super.delete(names);
        for (const [index, found] of leases.entries()) {
          if (found.state === 'loading') await this.lookup({ name: names[index] as string, tags: [] });
        }
        return deleted;
      }

      override async fill(key: CacheKey, lease: CacheLease, entry: NewEntry) {
        const held = await this.lookup(key);
        return held.state === 'loading'
          ? super.fill(key, lease, entry).then(() => this.put(key, entry))
          : super.fill(key, lease, entry);
      }

      private async put(key: CacheKey, entry: NewEntry) {
        await this.set(key, entry);
        return true;
      }
    }
    expect(await failuresOf(on(instance, Halfhearted))).toContain('does not fill after a delete');
  });

  it('a store whose clear flushes the database', async () => {
    class Flushing extends RedisCacheStore {
      override async clear() {
        await server.flushAll();
      }
    }
    expect(await failuresOf(on(instance, Flushing))).toContain('clears a namespace, and no other');
  });

  it('a store that captures tag versions after the load', async () => {
    class Late extends RedisCacheStore {
      override async fill(key: CacheKey, _lease: CacheLease, entry: NewEntry) {
        await this.set(key, entry);
        return true;
      }
    }
    expect(await failuresOf(on(instance, Late))).toEqual([
      'ignores the release and the fill of a lease that is not held',
      'does not fill after a delete',
      'does not fill over a set',
      'never answers a load that began before one of its tags was invalidated',
      'never answers a load that began before its namespace was cleared',
    ]);
  });
});
