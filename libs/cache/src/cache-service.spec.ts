import { ManualClock } from '@app/clock/testing';
import type { CacheMetrics } from './cache-metrics.js';
import { CacheService } from './cache-service.js';
import { CacheStore, LEASE_MS, type CacheKey, type CacheLease, type CacheLookup } from './cache-store.js';
import { MemoryCacheStore } from './memory/index.js';
import { OwedInvalidations } from './owed-invalidations.js';

const OPTIONS = { enabled: true, defaultTtlMs: 60_000, maxMemoryBytes: 1_000_000 };
const USE = { tags: ['t'] };

let clock: ManualClock;
let store: CacheStore;
let counted: string[];
beforeEach(() => {
  clock = new ManualClock();
  store = new MemoryCacheStore(clock, OPTIONS);
  counted = [];
});

function serviceOver(over: CacheStore = store, enabled = true): CacheService {
  const metrics = { count: (_namespace: string, result: string) => counted.push(result) };
  return new CacheService(over, metrics as unknown as CacheMetrics, new OwedInvalidations(over), {
    ...OPTIONS,
    enabled,
  });
}

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

const databaseAway = async () => {
  throw new Error('database is away');
};

const out = async (): Promise<never> => {
  throw new Error('redis is away');
};

/** What is answered after a write that came while the old value was being loaded. */
async function answersAfterWrite(over: CacheStore) {
  const cache = serviceOver(over);
  const old = gatedLoader('old');
  const began = cache.getOrLoad('n:k', USE, old.load);
  await old.started;
  await cache.invalidate('t');
  const fresh = gatedLoader('new');
  const during = cache.getOrLoad('n:k', USE, fresh.load);
  await Promise.race([fresh.started, during]);
  old.finish();
  await began;
  const between = await over.get({ name: 'n:k', ...USE });
  fresh.finish();
  return {
    during: await during,
    between: between === undefined ? undefined : (JSON.parse(between.bytes.toString()) as string),
    after: await cache.getOrLoad('n:k', USE, async () => 'new'),
  };
}

const never = async (): Promise<never> => {
  throw new Error('must not be loaded');
};

describe('CacheService', () => {
  it('loads a cold key once, and answers it from the cache after', async () => {
    const cache = serviceOver();
    expect(await cache.getOrLoad('n:k', USE, async () => ({ a: 1 }))).toEqual({ a: 1 });
    expect(await cache.getOrLoad('n:k', USE, never)).toEqual({ a: 1 });
    expect(counted).toEqual(['miss', 'hit']);
  });

  it('loads again once the ttl has passed', async () => {
    const cache = serviceOver();
    await cache.getOrLoad('n:k', { ttlMs: 1000 }, async () => 1);
    clock.advance(999);
    expect(await cache.getOrLoad('n:k', { ttlMs: 1000 }, never)).toBe(1);
    clock.advance(1);
    expect(await cache.getOrLoad('n:k', { ttlMs: 1000 }, async () => 2)).toBe(2);
  });

  it('loads once for everyone who asks at the same time', async () => {
    const cache = serviceOver();
    const loader = gatedLoader('v');
    const asked = Array.from({ length: 50 }, () => cache.getOrLoad('n:k', USE, loader.load));
    await loader.started;
    loader.finish();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['v']));
    expect(loader.calls).toBe(1);
  });

  it('loads once for all instances that share a store', async () => {
    const loader = gatedLoader('v');
    const asked = [serviceOver(), serviceOver(), serviceOver()].map((cache) =>
      cache.getOrLoad('n:k', USE, loader.load),
    );
    await loader.started;
    loader.finish();
    expect(await Promise.all(asked)).toEqual(['v', 'v', 'v']);
    expect(loader.calls).toBe(1);
  });

  it('gives every waiting caller the failure of a load, and the next one a new try', async () => {
    const cache = serviceOver();
    const asked = [1, 2, 3].map(() => cache.getOrLoad('n:k', USE, databaseAway));
    for (const each of asked) await expect(each).rejects.toThrow('database is away');
    expect((await store.lookup({ name: 'n:k', ...USE })).state).toBe('lease');
    clock.advance(LEASE_MS);
    expect(await cache.getOrLoad('n:k', USE, async () => 'back')).toBe('back');
  });

  it('caches nothing while it is turned off', async () => {
    const cache = serviceOver(store, false);
    expect(await cache.getOrLoad('n:k', USE, async () => 1)).toBe(1);
    expect(await cache.getOrLoad('n:k', USE, async () => 2)).toBe(2);
  });

  it('keeps keys apart', async () => {
    const cache = serviceOver();
    await cache.getOrLoad('n:a', USE, async () => 'a');
    expect(await cache.getOrLoad('n:b', USE, async () => 'b')).toBe('b');
  });
});

describe('an invalidation while a load is under way', () => {
  it('keeps what was loaded before it from everyone who asks after it', async () => {
    expect(await answersAfterWrite(store)).toEqual({ during: 'new', between: undefined, after: 'new' });
  });

  it('would serve the old value if fills did not look at their lease', async () => {
    class Careless extends MemoryCacheStore {
      override async fill(key: CacheKey, _lease: CacheLease, bytes: Buffer, ttlMs: number) {
        await this.set(key, bytes, ttlMs);
        return true;
      }
    }
    expect(await answersAfterWrite(new Careless(clock, OPTIONS))).toMatchObject({ between: 'old' });
  });
});

describe('while the store is out', () => {
  it('every call is answered by its load, once at a time for each key', async () => {
    store.lookup = out;
    const cache = serviceOver();
    const loader = gatedLoader('v');
    const asked = [1, 2, 3].map(() => cache.getOrLoad('n:k', USE, loader.load));
    await loader.started;
    loader.finish();
    expect(await Promise.all(asked)).toEqual(['v', 'v', 'v']);
    expect(loader.calls).toBe(1);
    expect(counted).toContain('error');
  });

  it('a value that cannot be stored is answered all the same', async () => {
    store.fill = out;
    expect(await serviceOver().getOrLoad('n:k', USE, async () => 'v')).toBe('v');
  });

  it('a load that fails says why it failed, not that the lease could not be given back', async () => {
    store.release = out;
    await expect(
      serviceOver().getOrLoad('n:k', USE, async () => {
        throw new Error('database is away');
      }),
    ).rejects.toThrow('database is away');
  });

  it('a store that goes out while another instance loads costs a load, not the answer', async () => {
    const states: (() => Promise<CacheLookup>)[] = [async () => ({ state: 'loading' }), out];
    store.lookup = () => (states.shift() ?? out)();
    expect(await serviceOver().getOrLoad('n:k', USE, async () => 'own')).toBe('own');
  });
});
