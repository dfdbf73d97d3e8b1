import { DomainError } from '@app/errors';
import { ManualClock } from '@app/clock/testing';
import { LEASE_MS, type CacheStore } from './cache-store.js';
import { CacheLoadFailedError } from './cache.errors.js';
import { MemoryCacheStore, MemoryInvalidationLog } from './memory/index.js';
import { cacheParts, type CacheParts } from './testing/index.js';

import { SharedMemoryStore } from './testing/shared-memory-store.js';
import { counting, databaseAway, gatedLoader, never, settled } from './testing/loaders.js';

const BOUND = { maxMemoryBytes: 4_000_000 };
const USE = { tags: ['t'] };
const KEY = { name: 'n:k', tags: ['t'] };

let clock: ManualClock;
let log: MemoryInvalidationLog;
let store: CacheStore;
beforeEach(() => {
  clock = new ManualClock();
  log = new MemoryInvalidationLog();
  store = new MemoryCacheStore(clock, BOUND, log);
});

const parts = (over: CacheStore = store, options = {}): CacheParts => cacheParts({ store: over, log, clock }, options);
const cacheOver = (over: CacheStore = store, options = {}) => parts(over, options).cache;

describe('a value that is not fresh any more', () => {
  const use = { ttlMs: 1000, staleMs: 60_000, tags: ['t'] };

  it('is used while one caller loads a new one', async () => {
    const { cache, statistics } = parts();
    await cache.getOrLoad('n:k', use, async () => 'old');
    clock.advance(1001);
    const loader = gatedLoader('new');
    const asked = Array.from({ length: 10 }, () => cache.getOrLoad('n:k', use, loader.load));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['old']));
    await loader.started;
    loader.finish();
    await settled();
    expect(await cache.getOrLoad('n:k', use, never)).toBe('new');
    expect(loader.calls).toBe(1);
    expect(statistics.of('n').stale).toBe(10);
  });

  it('is used on while loads fail, of which there is one a second', async () => {
    const cache = cacheOver();
    await cache.getOrLoad('n:k', use, async () => 'old');
    clock.advance(1001);
    const loader = counting<string>(databaseAway);
    for (let second = 0; second < 5; second += 1) {
      for (let time = 0; time < 4; time += 1) {
        expect(await cache.getOrLoad('n:k', use, loader.load)).toBe('old');
        await settled();
        clock.advance(250);
      }
    }
    expect(loader.calls).toBeGreaterThanOrEqual(4);
    expect(loader.calls).toBeLessThanOrEqual(6);
  });

  it('keeps its age while it is used on', async () => {
    const cache = cacheOver();
    const storedAt = clock.now();
    await cache.getOrLoad('n:k', use, async () => 'old');
    clock.advance(1500);
    await cache.getOrLoad('n:k', use, counting<string>(databaseAway).load);
    await settled();
    expect((await store.get(KEY))?.storedAt).toBe(storedAt);
  });

  it('is not used once it was invalidated', async () => {
    const cache = cacheOver();
    await cache.getOrLoad('n:k', use, async () => 'old');
    clock.advance(1001);
    await cache.invalidate('t');
    expect(await cache.getOrLoad('n:k', use, async () => 'new')).toBe('new');
  });

  it('is not used for ever', async () => {
    const cache = cacheOver();
    await cache.getOrLoad('n:k', use, async () => 'old');
    clock.advance(61_001);
    expect(await cache.getOrLoad('n:k', use, async () => 'new')).toBe('new');
  });

  it('is loaded anew before it ends, where it is used much', async () => {
    const cache = cacheOver();
    const hot = { ttlMs: 100_000 };
    await cache.getOrLoad('n:k', hot, async () => 'old');
    const { freshUntil = 0 } = (await store.get({ name: 'n:k', tags: [] })) ?? {};
    clock.advance(freshUntil - clock.now() - 20_000);
    const loader = counting('new');
    for (let time = 0; time < 30; time += 1) await cache.getOrLoad('n:k', hot, loader.load);
    expect(loader.calls).toBe(0);
    clock.advance(freshUntil - clock.now() - 500);
    expect(await cache.getOrLoad('n:k', hot, loader.load)).toBe('old');
    await settled();
    expect(loader.calls).toBe(1);
    expect(await cache.getOrLoad('n:k', hot, never)).toBe('new');
  });

  it('counts each answer from memory once, also while it is loaded anew', async () => {
    const { cache, statistics } = parts();
    const hot = { ttlMs: 100_000 };
    await cache.getOrLoad('n:k', hot, async () => 'v');
    const { freshUntil = 0 } = (await store.get({ name: 'n:k', tags: [] })) ?? {};
    for (let time = 0; time < 20; time += 1) await cache.getOrLoad('n:k', hot, never);
    clock.advance(freshUntil - clock.now() - 500);
    expect(cache.peek('n:k')).toBeUndefined();
    const loader = gatedLoader('v');
    await cache.getOrLoad('n:k', hot, loader.load);
    expect(statistics.of('n')).toMatchObject({ localHits: 21, misses: 1 });
    loader.finish();
    await settled();
  });

  it('is not loaded anew early where hardly anybody asks', async () => {
    const cache = cacheOver();
    await cache.getOrLoad('n:k', { ttlMs: 100_000 }, async () => 'old');
    const { freshUntil = 0 } = (await store.get({ name: 'n:k', tags: [] })) ?? {};
    clock.advance(freshUntil - clock.now() - 1);
    for (let time = 0; time < 3; time += 1) await cache.getOrLoad('n:k', { ttlMs: 100_000 }, never);
    await settled();
  });
});

describe('a load that fails', () => {
  it('fails for everyone who waits, and is not made again within a second', async () => {
    const cache = cacheOver();
    const loader = counting<string>(databaseAway, databaseAway, 'back');
    const asked = [1, 2, 3].map(() => cache.getOrLoad('n:k', USE, loader.load));
    for (const each of asked) await expect(each).rejects.toThrow('database is away');
    clock.advance(900);
    await expect(cache.getOrLoad('n:k', USE, loader.load)).rejects.toThrow('database is away');
    expect(loader.calls).toBe(1);
    clock.advance(200);
    await expect(cache.getOrLoad('n:k', USE, loader.load)).rejects.toThrow('database is away');
    expect(loader.calls).toBe(2);
    clock.advance(1100);
    expect(await cache.getOrLoad('n:k', USE, loader.load)).toBe('back');
  });

  it('is not made again by other instances either, who say that they cannot tell', async () => {
    const shared = new SharedMemoryStore(clock, BOUND, log);
    const loader = counting<string>(databaseAway);
    await expect(cacheOver(shared).getOrLoad('n:k', USE, loader.load)).rejects.toThrow('database is away');
    const other = cacheOver(shared).getOrLoad('n:k', USE, loader.load);
    await expect(other).rejects.toBeInstanceOf(CacheLoadFailedError);
    expect(loader.calls).toBe(1);
  });

  it('is an answer, and made each time, when the failure is one on purpose', async () => {
    class NotFound extends DomainError {
      readonly kind = 'not_found';
      readonly code = 'thing.not_found';
    }
    const cache = cacheOver();
    const loader = counting<string>(new NotFound('no'), 'there');
    await expect(cache.getOrLoad('n:k', USE, loader.load)).rejects.toThrow('no');
    expect(await cache.getOrLoad('n:k', USE, loader.load)).toBe('there');
  });
});

describe('a lease that ran out', () => {
  it('is taken by the next caller, and the late load is answered but not kept', async () => {
    const cache = cacheOver();
    const slow = gatedLoader('slow');
    const first = cache.getOrLoad('n:k', USE, slow.load);
    await slow.started;
    clock.advance(LEASE_MS + 1);
    const other = cacheOver(store);
    expect(await other.getOrLoad('n:k', USE, async () => 'quick')).toBe('quick');
    slow.finish();
    expect(await first).toBe('slow');
    expect(slow.calls).toBe(1);
    expect((await store.get(KEY))?.bytes.toString()).toBe('"quick"');
  });
});
