import { DomainError, UnavailableError } from '@app/errors';
import { ManualClock } from '@app/clock/testing';
import type { CacheEntry, NewEntry } from './cache-entry.js';
import type { CacheKey } from './cache-key.js';
import { LEASE_MS, type CacheLease, type CacheLookup, type CacheStore } from './cache-store.js';
import { CacheLoadFailedError } from './cache.errors.js';
import { MemoryCacheStore, MemoryInvalidationLog } from './memory/index.js';
import { cacheParts, type CacheParts } from './testing/index.js';

const BOUND = { maxMemoryBytes: 4_000_000 };
const USE = { tags: ['t'] };
const KEY = { name: 'n:k', tags: ['t'] };

/** What several instances share: the same maps, seen as a store that others write to as well. */
class SharedStore extends MemoryCacheStore {
  override readonly shared = true as never;
}

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

/** A loader that ends when it is told to. */
function gatedLoader<Value>(value: Value) {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const loader = {
    calls: 0,
    started: begun.promise,
    finish: () => gate.resolve(),
    load: async () => {
      loader.calls += 1;
      begun.resolve();
      await gate.promise;
      return value;
    },
  };
  return loader;
}

/** A loader that counts, and gives the next value, or fails, each time. */
function counting<Value>(...values: (Value | Error)[]) {
  const loader = {
    calls: 0,
    load: async (): Promise<Value> => {
      const value = values[Math.min(loader.calls, values.length - 1)] as Value | Error;
      loader.calls += 1;
      if (value instanceof Error) throw value;
      return value;
    },
  };
  return loader;
}

const databaseAway = new Error('database is away');
const out = async (): Promise<never> => {
  throw new UnavailableError('redis');
};
const never = async (): Promise<never> => {
  throw new Error('must not be loaded');
};
/** Lets what goes on in the background end. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

const until = async (isSo: () => boolean) => {
  const deadline = performance.now() + 5000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('It never was so');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

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
    const shared = new SharedStore(clock, BOUND, log);
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
    const shared = new SharedStore(clock, BOUND, log);
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

/** What is answered after a write that came while the old value was being loaded. */
async function answersAfterWrite(over: CacheStore) {
  const cache = cacheOver(over);
  const old = gatedLoader('old');
  const values = ['old', 'new'];
  const began = cache.getOrLoad('n:k', USE, async () => {
    await old.load();
    return values.shift() ?? 'new';
  });
  await old.started;
  await cache.invalidate('t');
  const fresh = gatedLoader('new');
  const during = cache.getOrLoad('n:k', USE, fresh.load);
  await Promise.race([fresh.started, during]);
  old.finish();
  fresh.finish();
  return {
    began: await began,
    during: await during,
    after: await cache.getOrLoad('n:k', USE, async () => 'new'),
  };
}

describe('an invalidation while a load is under way', () => {
  it('keeps what was loaded before it from everyone', async () => {
    expect(await answersAfterWrite(store)).toEqual({ began: 'new', during: 'new', after: 'new' });
  });

  it('would let the old value be served if fills did not look at their lease', async () => {
    class Careless extends MemoryCacheStore {
      override async fill(key: CacheKey, _lease: CacheLease, entry: NewEntry) {
        await this.set(key, entry);
        return true;
      }
    }
    expect(await answersAfterWrite(new Careless(clock, BOUND, log))).toMatchObject({ began: 'old' });
  });

  it('does not go on for ever where writes never stop', async () => {
    const cache = cacheOver();
    let calls = 0;
    const value = await cache.getOrLoad('n:k', USE, async () => {
      calls += 1;
      await cache.invalidate('t');
      return calls;
    });
    expect(value).toBe(3);
  });
});

describe('copies of two instances', () => {
  let shared: SharedStore;
  let here: CacheParts;
  let there: CacheParts;
  beforeEach(async () => {
    shared = new SharedStore(clock, BOUND, log);
    [here, there] = [parts(shared), parts(shared)];
    await here.follower.step();
    await there.follower.step();
  });

  it('are given up as soon as they hear of an invalidation', async () => {
    await here.cache.getOrLoad('n:k', USE, async () => 'old');
    await there.cache.invalidate('t');
    await here.follower.step();
    expect(await here.cache.getOrLoad('n:k', USE, async () => 'new')).toBe('new');
  });

  it('are not believed a second after they last heard anything, and are again when nothing was missed', async () => {
    let asked = 0;
    const get = shared.get.bind(shared);
    shared.get = async (key): Promise<CacheEntry | undefined> => {
      asked += 1;
      return get(key);
    };
    const lookup = shared.lookup.bind(shared);
    shared.lookup = async (key): Promise<CacheLookup> => {
      asked += 1;
      return lookup(key);
    };
    await here.cache.getOrLoad('n:k', USE, async () => 'v');
    asked = 0;
    clock.advance(1000);
    expect(await here.cache.getOrLoad('n:k', USE, never)).toBe('v');
    expect(asked).toBe(0);
    clock.advance(1);
    expect(await here.cache.getOrLoad('n:k', USE, never)).toBe('v');
    expect(asked).toBe(1);
    clock.advance(5000);
    await there.cache.getOrLoad('other:k', {}, async () => 'x');
    void here.follower.step();
    await log.append({ tags: ['other'], names: [] });
    await settled();
    expect(await here.cache.getOrLoad('n:k', USE, never)).toBe('v');
    expect(asked).toBe(2);
  });

  it('are dropped when something may have been missed', async () => {
    await here.cache.getOrLoad('n:k', USE, async () => 'v');
    for (let index = 0; index < 25_000; index += 1) await log.append({ tags: ['many'], names: [] });
    await here.follower.step();
    expect(here.local.get('n:k')).toBeUndefined();
  });

  it('are not filled with what was read before an invalidation that was heard of meanwhile', async () => {
    const lookup = shared.lookup.bind(shared);
    await there.cache.getOrLoad('n:k', USE, async () => 'old');
    shared.lookup = async (key) => {
      const found = await lookup(key);
      await there.cache.invalidate('t');
      await here.follower.step();
      return found;
    };
    await here.cache.getOrLoad('n:k', USE, async () => 'new');
    shared.lookup = lookup;
    expect(await here.cache.getOrLoad('n:k', USE, async () => 'new')).toBe('new');
  });
});

describe('while the store is out', () => {
  it('every call is answered by its load, once at a time for each key', async () => {
    store.lookup = out;
    const { cache, statistics } = parts();
    const loader = gatedLoader('v');
    const asked = [1, 2, 3].map(() => cache.getOrLoad('n:k', USE, loader.load));
    await loader.started;
    loader.finish();
    expect(await Promise.all(asked)).toEqual(['v', 'v', 'v']);
    expect(loader.calls).toBe(1);
    expect(statistics.of('n').storeErrors).toBe(1);
  });

  it('a key is loaded once a second, and no more than sixteen at once', async () => {
    const shared = new SharedStore(clock, BOUND, log);
    shared.lookup = out;
    const cache = cacheOver(shared);
    let [atOnce, most, loads] = [0, 0, 0];
    const load = async () => {
      loads += 1;
      most = Math.max(most, (atOnce += 1));
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      return 'v';
    };
    const askAll = () =>
      Promise.all(Array.from({ length: 100 }, (_, index) => cache.getOrLoad(`n:${index}`, {}, load)));
    await askAll();
    expect(most).toBe(16);
    expect(loads).toBe(100);
    await askAll();
    expect(loads).toBe(100);
    clock.advance(1001);
    await askAll();
    expect(loads).toBe(200);
  });

  it('a value that cannot be stored is answered all the same', async () => {
    store.fill = out;
    expect(await cacheOver().getOrLoad('n:k', USE, async () => 'v')).toBe('v');
  });

  it('a load that fails says why it failed, not that the store could not be told', async () => {
    store.fill = out;
    store.release = out;
    await expect(cacheOver().getOrLoad('n:k', USE, counting<string>(databaseAway).load)).rejects.toThrow('is away');
  });

  it('a store that goes out while another instance loads costs a load, not the answer', async () => {
    const states: (() => Promise<CacheLookup>)[] = [async () => ({ state: 'loading' }), out];
    store.lookup = () => (states.shift() ?? out)();
    expect(await cacheOver().getOrLoad('n:k', USE, async () => 'own')).toBe('own');
  });

  it('what it cannot be told of is not read from it until it has heard', async () => {
    const { cache, invalidations } = parts();
    await cache.getOrLoad('n:k', USE, async () => 'old');
    const invalidate = store.invalidate.bind(store);
    store.invalidate = out;
    await cache.invalidate('t');
    expect(invalidations.areOwed(KEY)).toBe(true);
    expect(await cache.getOrLoad('n:k', USE, async () => 'new')).toBe('new');
    expect(await cache.getOrLoad('n:k', USE, async () => 'newer')).toBe('newer');
    store.invalidate = invalidate;
    await until(() => !invalidations.areOwed(KEY));
    expect(await cache.getOrLoad('n:k', USE, async () => 'newest')).toBe('newest');
    expect(await cache.getOrLoad('n:k', USE, never)).toBe('newest');
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
