import { CacheLoadFailedError, type CacheStore, type InvalidationLog } from '@app/cache';
import { MemoryCacheStore, MemoryInvalidationLog } from '@app/cache/memory';
import { cacheParts, type CacheParts } from '@app/cache/testing';
import { ManualClock } from '@app/clock/testing';
import { UnavailableError } from '@app/errors';
import { Logger } from '@nestjs/common';
import fc, { type Scheduler } from 'fast-check';
import { LocalCache } from '../../libs/cache/src/local-cache.js';
import { extent } from './support/extent.js';

const KEYS = 2;
const OPERATIONS = 40;
const RUNS = extent(3000, 30);
/** A twin stops as soon as it has found something. */
const TWIN_RUNS = 3000;
const LIMIT_MS = extent(1_200_000, 120_000);
/** What the cache promises: no value from before a write that was acknowledged elsewhere longer ago. */
const BOUND_MS = 1000;

type Operation =
  | { readonly do: 'read' | 'write'; readonly on: number; readonly key: number }
  | { readonly do: 'hear'; readonly on: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'evict'; readonly key: number }
  | { readonly do: 'break the loader' | 'mend the loader' | 'lose the store' | 'find the store' };

const on = fc.integer({ min: 0, max: 1 });
const key = fc.integer({ min: 0, max: KEYS - 1 });
const is = <Name extends string>(name: Name) => fc.constant(name);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ do: is('read'), on, key }) },
  { weight: 8, arbitrary: fc.record({ do: is('write'), on, key }) },
  { weight: 10, arbitrary: fc.record({ do: is('hear'), on }) },
  { weight: 8, arbitrary: fc.record({ do: is('pass'), ms: fc.constantFrom(1, 100, 400, 999, 1001, 5000, 70_000) }) },
  { weight: 2, arbitrary: fc.record({ do: is('evict'), key }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('break the loader', 'mend the loader', 'lose the store', 'find the store'),
    }),
  },
);

/** A write, and when whoever made it was told that it is done. */
interface Write {
  readonly version: number;
  readonly by: number;
  readonly acknowledgedAtMs: number;
}

/** Two instances over one store and one source of truth, whose every step a scheduler puts in some order. */
class World {
  readonly clock = new ManualClock();
  readonly log = new MemoryInvalidationLog();
  readonly store: CacheStore;
  private readonly kept: CacheStore;
  readonly instances: readonly CacheParts[];
  readonly truth = new Map<number, number>();
  readonly writes = new Map<number, Write[]>();
  readonly stale: string[] = [];
  reads = 0;
  loaderIsBroken = false;
  storeIsLost = false;

  constructor(private readonly scheduler: Scheduler) {
    this.kept = new SharedStore(this.clock, { maxMemoryBytes: 4_000_000 }, this.log);
    this.store = this.reachable(this.kept);
    const log = this.reachable<InvalidationLog>(this.log);
    this.instances = [1, 2].map(() => cacheParts({ store: this.store, log, clock: this.clock }));
  }

  async perform(each: Operation): Promise<void> {
    switch (each.do) {
      case 'read':
        return this.read(each.on, each.key);
      case 'write':
        return this.write(each.on, each.key);
      case 'hear':
        return this.at(each.on)
          .follower.step()
          .catch(() => undefined);
      case 'pass':
        this.clock.advance(each.ms);
        return;
      case 'evict':
        await this.store.delete([`k:${each.key}`]).catch(() => 0);
        return;
      case 'break the loader':
      case 'mend the loader':
        this.loaderIsBroken = each.do === 'break the loader';
        return;
      case 'lose the store':
        this.storeIsLost = true;
        return;
      case 'find the store':
        return this.findStore();
    }
  }

  private async read(index: number, which: number): Promise<void> {
    const began = this.clock.steadyMs();
    const known = this.newestThatMustBeSeen(index, which, began);
    this.reads += 1;
    try {
      const version = await this.at(index).cache.getOrLoad(`k:${which}`, { tags: [`t:${which}`] }, () =>
        this.load(which),
      );
      if (version < known) this.stale.push(`instance ${index} read ${version} of key ${which}, ${known} was known`);
    } catch (error) {
      if (error instanceof LoaderBrokenError || error instanceof CacheLoadFailedError) return;
      throw error;
    }
  }

  /** The newest version acknowledged here, or elsewhere longer ago than the bound. */
  private newestThatMustBeSeen(index: number, which: number, nowMs: number): number {
    const seen = (this.writes.get(which) ?? []).filter(
      ({ by, acknowledgedAtMs }) => by === index || nowMs - acknowledgedAtMs > BOUND_MS,
    );
    return Math.max(0, ...seen.map(({ version }) => version));
  }

  private async load(which: number): Promise<number> {
    await this.step('before the load');
    if (this.loaderIsBroken) throw new LoaderBrokenError();
    const version = this.truth.get(which) ?? 0;
    await this.step('after the load');
    return version;
  }

  private async write(index: number, which: number): Promise<void> {
    const version = (this.truth.get(which) ?? 0) + 1;
    this.truth.set(which, version);
    await this.step('after the commit');
    await this.at(index).cache.invalidate(`t:${which}`);
    const write = { version, by: index, acknowledgedAtMs: this.clock.steadyMs() };
    this.writes.set(which, [...(this.writes.get(which) ?? []), write]);
  }

  /** A store that comes back hears first of what it missed, as the outbox sees to. */
  private async findStore(): Promise<void> {
    for (const which of this.writes.keys()) await this.kept.invalidate([`t:${which}`]);
    this.storeIsLost = false;
  }

  private reachable<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member = Reflect.get(target, name, target) as unknown;
        if (typeof member !== 'function' || name === 'onReturn') return member;
        return async (...args: unknown[]) => {
          await this.step(String(name));
          if (this.storeIsLost) throw new UnavailableError('redis');
          // Nothing is waited for in here.
          const answer: unknown = await Reflect.apply(member, target, name === 'read' ? [args[0], 0] : args);
          await this.step(`${String(name)} answers`);
          return answer;
        };
      },
    });
  }

  private step(name: string): Promise<unknown> {
    return this.scheduler.schedule(Promise.resolve(), name);
  }

  private at(index: number): CacheParts {
    return this.instances[index] as CacheParts;
  }
}

class SharedStore extends MemoryCacheStore {
  override readonly shared = true as never;
}

class LoaderBrokenError extends Error {}

async function explore(runs: number, seed: number, enough: (stale: readonly string[]) => boolean = () => false) {
  const stale: string[] = [];
  let reads = 0;
  const all = fc.array(operation, { minLength: OPERATIONS, maxLength: OPERATIONS });
  for (let run = 0; run < runs && !enough(stale); run += 1) {
    const property = fc.asyncProperty(fc.scheduler(), all, async (scheduler, todo) => {
      const world = new World(scheduler);
      const running = todo.map(async (each) => {
        await scheduler.schedule(Promise.resolve(), each.do);
        await world.perform(each);
      });
      await scheduler.waitFor(Promise.all(running));
      stale.push(...world.stale);
      reads += world.reads;
    });
    await fc.assert(property, { numRuns: 1, seed: seed + run, endOnFailure: true });
  }
  return { reads, stale };
}

/** What is read while a method of the process's memory is another. */
async function staleWith<Method extends 'put' | 'invalidate' | 'get' | 'stillHolds'>(
  method: Method,
  instead: (this: LocalCache, original: LocalCache[Method], ...args: Parameters<LocalCache[Method]>) => unknown,
) {
  const original = LocalCache.prototype[method];
  LocalCache.prototype[method] = function changed(this: LocalCache, ...args: Parameters<LocalCache[Method]>) {
    return instead.call(this, original, ...args);
  } as never;
  try {
    return (await explore(TWIN_RUNS, 7, ({ length }) => length > 0)).stale;
  } finally {
    LocalCache.prototype[method] = original;
  }
}

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(true));

describe('two instances, whatever the order of reads, writes, failures and time,', () => {
  it(
    `never read a value from before a write of their own, nor one older than ${BOUND_MS} ms`,
    async () => {
      const { reads, stale } = await explore(RUNS, 20_261_127);
      expect(reads).toBeGreaterThan(RUNS * 8);
      expect(stale).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('the same is seen to read old values', () => {
  it(
    'when copies are kept of what was read before an invalidation',
    async () => {
      const stale = await staleWith('put', function late(original, copyKey, entry) {
        return original.call(this, copyKey, entry, this.begin());
      });
      expect(stale.length).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it(
    'when callers join a load that began before a write',
    async () => {
      const stale = await staleWith('stillHolds', () => true);
      expect(stale.length).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it(
    'when an instance does not forget its own copies at once',
    async () => {
      const stale = await staleWith('invalidate', () => undefined);
      expect(stale.length).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});
