import { ManualClock } from '@app/clock/testing';
import { type CacheStore } from './cache-store.js';
import { MemoryCacheStore, MemoryInvalidationLog } from './memory/index.js';
import { cacheParts, type CacheParts } from './testing/index.js';

import { SharedMemoryStore } from './testing/shared-memory-store.js';
import { counting, gatedLoader, never } from './testing/loaders.js';

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

describe('CacheService', () => {
  it('loads a cold key once, and answers it from memory after', async () => {
    const { cache, statistics } = parts();
    expect(await cache.getOrLoad('n:k', USE, async () => ({ a: 1 }))).toEqual({ a: 1 });
    expect(await cache.getOrLoad('n:k', USE, never)).toEqual({ a: 1 });
    expect(statistics.of('n')).toMatchObject({ misses: 1, loads: 1, localHits: 1 });
  });

  it('gives everybody the same object, as it comes out of JSON, and lets nobody change it', async () => {
    const cache = cacheOver();
    const first = await cache.getOrLoad('n:k', USE, async () => ({ at: new Date(0), list: [{ a: 1 }] }));
    expect(first).toEqual({ at: '1970-01-01T00:00:00.000Z', list: [{ a: 1 }] });
    expect(await cache.getOrLoad('n:k', USE, never)).toBe(first);
    expect(() => {
      (first.list[0] as { a: number }).a = 2;
    }).toThrow(TypeError);
  });

  it('loads again once the ttl has passed', async () => {
    const cache = cacheOver();
    const loader = counting(1, 2);
    const use = { ttlMs: 1000, staleMs: 0 };
    await cache.getOrLoad('n:k', use, loader.load);
    clock.advance(899);
    expect(await cache.getOrLoad('n:k', use, never)).toBe(1);
    clock.advance(101);
    expect(await cache.getOrLoad('n:k', use, loader.load)).toBe(2);
  });

  it('lets entries that were loaded together end at different times', async () => {
    const cache = cacheOver();
    const ends = new Set<number>();
    for (let index = 0; index < 50; index += 1) {
      await cache.getOrLoad(`n:${index}`, { ttlMs: 100_000 }, async () => index);
      ends.add((await store.get({ name: `n:${index}`, tags: [] }))?.freshUntil ?? 0);
    }
    expect(ends.size).toBeGreaterThan(40);
    for (const end of ends) expect(end - clock.now()).toBeGreaterThanOrEqual(90_000);
  });

  it('loads once for everyone who asks at the same time', async () => {
    const cache = cacheOver();
    const loader = gatedLoader('v');
    const asked = Array.from({ length: 50 }, () => cache.getOrLoad('n:k', USE, loader.load));
    await loader.started;
    loader.finish();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['v']));
    expect(loader.calls).toBe(1);
  });

  it('loads once for all instances that share a store', async () => {
    const shared = new SharedMemoryStore(clock, BOUND, log);
    const loader = gatedLoader('v');
    const asked = [1, 2, 3].map(() => cacheOver(shared).getOrLoad('n:k', USE, loader.load));
    await loader.started;
    loader.finish();
    expect(await Promise.all(asked)).toEqual(['v', 'v', 'v']);
    expect(loader.calls).toBe(1);
  });

  it('remembers for a while that there is none', async () => {
    const cache = cacheOver();
    const loader = counting<string | undefined>(undefined, 'now there is');
    expect(await cache.getOrLoad('n:k', USE, loader.load)).toBeUndefined();
    expect(await cache.getOrLoad('n:k', USE, never)).toBeUndefined();
    clock.advance(10_001);
    expect(await cache.getOrLoad('n:k', USE, loader.load)).toBe('now there is');
  });

  it('takes null for a value', async () => {
    const cache = cacheOver();
    expect(await cache.getOrLoad('n:k', USE, async () => null)).toBeNull();
    clock.advance(20_000);
    expect(await cache.getOrLoad('n:k', USE, never)).toBeNull();
  });

  it('does not keep what is too large', async () => {
    const cache = cacheOver(store, { maxValueBytes: 100 });
    const loader = counting('x'.repeat(200));
    for (let time = 0; time < 2; time += 1) {
      expect(await cache.getOrLoad('n:k', USE, loader.load)).toHaveLength(200);
    }
    expect(loader.calls).toBe(2);
    expect((await store.lookup(KEY)).state).toBe('lease');
  });

  it('caches nothing while it is turned off', async () => {
    const cache = cacheOver(store, { enabled: false });
    const loader = counting(1, 2);
    expect(await cache.getOrLoad('n:k', USE, loader.load)).toBe(1);
    expect(await cache.getOrLoad('n:k', USE, loader.load)).toBe(2);
  });

  it('keeps keys apart', async () => {
    const cache = cacheOver();
    await cache.getOrLoad('n:a', USE, async () => 'a');
    expect(await cache.getOrLoad('n:b', USE, async () => 'b')).toBe('b');
  });

  it('forgets what an invalidated tag or a cleared namespace has, and nothing else', async () => {
    const cache = cacheOver();
    const load = async (name: string, tag: string) => cache.getOrLoad(name, { tags: [tag] }, async () => name);
    await load('a:1', 'x');
    await load('a:2', 'y');
    await load('b:1', 'y');
    await cache.invalidate('x');
    expect(await cache.getOrLoad('a:1', { tags: ['x'] }, async () => 'new')).toBe('new');
    expect(await cache.getOrLoad('a:2', { tags: ['y'] }, never)).toBe('a:2');
    await cache.clear('a');
    expect(await cache.getOrLoad('a:2', { tags: ['y'] }, async () => 'new')).toBe('new');
    expect(await cache.getOrLoad('b:1', { tags: ['y'] }, never)).toBe('b:1');
  });
});
