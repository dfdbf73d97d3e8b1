import { ManualClock } from '@app/clock/testing';
import type { CacheEntry, NewEntry } from './cache-entry.js';
import type { CacheKey } from './cache-key.js';
import { type CacheLease, type CacheLookup, type CacheStore } from './cache-store.js';
import { MemoryCacheStore, MemoryInvalidationLog } from './memory/index.js';
import { cacheParts, type CacheParts } from './testing/index.js';

import { SharedMemoryStore } from './testing/shared-memory-store.js';
import { counting, databaseAway, gatedLoader, never, out, settled, until } from './testing/loaders.js';

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
  let shared: SharedMemoryStore;
  let here: CacheParts;
  let there: CacheParts;
  beforeEach(async () => {
    shared = new SharedMemoryStore(clock, BOUND, log);
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
    const shared = new SharedMemoryStore(clock, BOUND, log);
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
