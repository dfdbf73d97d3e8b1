import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '@app/clock';
import { DomainError, UnavailableError } from '@app/errors';
import { Inject, Injectable } from '@nestjs/common';
import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { answerOf, type AnswerSource, type CacheAnswer } from './cache-answer.js';
import { entryAt, type CacheEntry, type NewEntry } from './cache-entry.js';
import { namespaceOf, type CacheKey } from './cache-key.js';
import { CacheStore, LEASE_MS, type CacheLease, type CacheLookup } from './cache-store.js';
import { lifetimesOf, type CacheUse } from './cache-use.js';
import { CACHE_OPTIONS, type CacheModuleOptions } from './cache.options.js';
import type { Codec } from './codec.js';
import { Invalidations } from './invalidations.js';
import { LocalCache, type LocalEntry, type ReadingPoint } from './local-cache.js';
import { NamespaceStatistics } from './namespace-statistics.js';
import { NotCacheable } from './not-cacheable.js';

/** What is to be cached, and how. */
export interface Load<Value> {
  readonly use: CacheUse;
  readonly codec: Codec<Value>;
  readonly load: () => Promise<Value | undefined>;
}

/** What becomes of a load in the store. */
interface Outlet {
  /** False when the lease was lost. */
  keep(entry: NewEntry): Promise<boolean>;
  /** It is not kept: the next caller may load. */
  release(): Promise<void>;
}

/** Where there is no store to keep it. */
const NOWHERE: Outlet = { keep: async () => true, release: async () => undefined };

/** A load, as it went. */
interface Loaded<Value> {
  readonly answer: CacheAnswer<Value>;
  /** False when something it depends on was invalidated meanwhile: it may be from before a write. */
  readonly current: boolean;
}

/** How long to wait for another instance's load before loading too. */
const WAIT_FOR_OTHERS_MS = 5000;
const POLL_MS = [5, 10, 20, 40, 80];
/** Within it a loader that failed is not called again, by nobody. */
const ERROR_WINDOW_MS = 1000;
/** Loads that were overtaken by an invalidation are repeated, but not for ever where writes never stop. */
const MOST_LOADS = 3;
/** Loads at once, and waiting, of a process whose store is out: losing it must not flood the database. */
const LOADS_WITHOUT_STORE = 16;
const WAITING_WITHOUT_STORE = 2000;

/** What is behind the memory of this process: the store, the leases, the loads. */
@Injectable()
export class ReadThrough {
  private readonly withoutStore = bulkhead(LOADS_WITHOUT_STORE, WAITING_WITHOUT_STORE);
  private readonly renewing = new Set<string>();

  constructor(
    private readonly store: CacheStore,
    private readonly local: LocalCache,
    private readonly invalidations: Invalidations,
    private readonly statistics: NamespaceStatistics,
    private readonly clock: Clock,
    @Inject(CACHE_OPTIONS) private readonly options: Pick<CacheModuleOptions, 'defaultTtlMs' | 'maxValueBytes'>,
  ) {}

  /** The value from the store, or loaded: by one caller of all instances. */
  async read<Value>(key: CacheKey, load: Load<Value>): Promise<CacheAnswer<Value>> {
    for (let attempt = 1; ; attempt += 1) {
      const { answer, current } = await this.attempt(key, load);
      if (current || attempt === MOST_LOADS) return answer;
    }
  }

  /** Loads anew in the background what is stale, or will be soon. */
  renew<Value>(key: CacheKey, load: Load<Value>, old: LocalEntry): void {
    if (this.renewing.has(key.name)) return;
    this.renewing.add(key.name);
    void this.renewed(key, load, old).finally(() => this.renewing.delete(key.name));
  }

  /** The value as if there were no cache. */
  async uncached<Value>({ load, codec }: Load<Value>): Promise<CacheAnswer<Value>> {
    const value = await load();
    const now = this.clock.now();
    const seen = value === undefined ? undefined : codec.decode(codec.encode(value));
    return { value: seen, storedAt: now, freshUntil: now, source: 'load' };
  }

  private async attempt<Value>(key: CacheKey, load: Load<Value>): Promise<Loaded<Value>> {
    // What the store has may be from before a write that it could not be told of.
    if (this.invalidations.areOwed(key)) return { answer: await this.uncached(load), current: true };
    const since = this.local.begin();
    const found = await this.lookup(key);
    if (found === undefined) return this.loadWithoutStore(key, load);
    switch (found.state) {
      case 'fresh':
        this.statistics.of(namespaceOf(key.name)).storeHits += 1;
        return { answer: this.taken(key, load, found.entry, { since, source: 'store' }), current: true };
      case 'stale': {
        this.statistics.of(namespaceOf(key.name)).stale += 1;
        const answer = this.taken(key, load, found.entry, { since, source: 'stale' });
        if (found.lease !== undefined) this.renewWith(key, load, found.lease, found.entry);
        return { answer, current: true };
      }
      case 'lease':
        return this.loadWith(key, load, found.lease);
      case 'loading':
        return this.awaitOthers(key, load);
    }
  }

  private async lookup(key: CacheKey): Promise<CacheLookup | undefined> {
    try {
      return await this.store.lookup(key);
    } catch {
      this.statistics.of(namespaceOf(key.name)).storeErrors += 1;
      return undefined;
    }
  }

  /** Another caller, somewhere, loads: its value is there soon. */
  private async awaitOthers<Value>(key: CacheKey, load: Load<Value>): Promise<Loaded<Value>> {
    const deadline = performance.now() + WAIT_FOR_OTHERS_MS;
    for (let poll = 0; performance.now() < deadline; poll += 1) {
      await sleep(POLL_MS[Math.min(poll, POLL_MS.length - 1)]);
      const since = this.local.begin();
      const found = await this.lookup(key);
      if (found === undefined) break;
      if (found.state === 'lease') return this.loadWith(key, load, found.lease);
      if (found.state === 'fresh' || found.state === 'stale') {
        this.statistics.of(namespaceOf(key.name)).coalesced += 1;
        return { answer: this.taken(key, load, found.entry, { since, source: 'coalesced' }), current: true };
      }
    }
    return this.loadWithoutStore(key, load);
  }

  /** Keeps an entry of the store here. */
  private taken<Value>(
    key: CacheKey,
    { codec }: Load<Value>,
    entry: CacheEntry,
    { since, source }: { readonly since: ReadingPoint; readonly source: AnswerSource },
  ): CacheAnswer<Value> {
    const copy = localOf(entry, codec);
    this.local.put(key, copy, since);
    return answerOf(copy, source);
  }

  private async loadWith<Value>(key: CacheKey, load: Load<Value>, lease: CacheLease): Promise<Loaded<Value>> {
    this.statistics.of(namespaceOf(key.name)).misses += 1;
    try {
      return await this.load(key, load, this.outlet(key, lease));
    } catch (error) {
      if (isAnswer(error)) await this.store.release(key, lease).catch(() => undefined);
      else await this.rememberFailure(key, lease, error as Error);
      throw error;
    }
  }

  private async loadWithoutStore<Value>(key: CacheKey, load: Load<Value>): Promise<Loaded<Value>> {
    this.statistics.of(namespaceOf(key.name)).misses += 1;
    try {
      return await this.withoutStore.execute(() => this.load(key, load, NOWHERE));
    } catch (error) {
      throw isBulkheadRejectedError(error) ? new UnavailableError('redis', error) : error;
    }
  }

  private async load<Value>(key: CacheKey, { use, codec, load }: Load<Value>, outlet: Outlet): Promise<Loaded<Value>> {
    const counts = this.statistics.of(namespaceOf(key.name));
    const since = this.local.begin();
    counts.loads += 1;
    const value = await load().catch((error: unknown) => {
      counts.loadFailures += 1;
      throw error;
    });
    const loadMs = this.clock.steadyMs() - since.atMs;
    counts.loadMs += loadMs;
    const bytes = value === undefined ? Buffer.alloc(0) : codec.encode(value);
    const kind = value === undefined ? 'absent' : 'value';
    const lifetimes = lifetimesOf(use, value === undefined, this.options.defaultTtlMs);
    const entry = { kind, bytes, loadMs, compressible: codec.compressible, ...lifetimes } as const;
    const copy = localOf(entryAt(this.clock.now(), entry), codec);
    const answer = answerOf<Value>(copy, 'load');
    if (bytes.length > this.options.maxValueBytes) {
      await outlet.release().catch(() => undefined);
      return { answer, current: true };
    }
    // A store that went away in the meantime is no reason to load again.
    const stored = await outlet.keep(entry).catch(() => true);
    if (stored) this.local.put(key, copy, since);
    // A lease that merely ran out says nothing about the value.
    return { answer, current: stored || loadMs >= LEASE_MS };
  }

  private outlet(key: CacheKey, lease: CacheLease): Outlet {
    return {
      keep: (entry) => this.store.fill(key, lease, entry),
      release: () => this.store.release(key, lease),
    };
  }

  private async rememberFailure(key: CacheKey, lease: CacheLease, error: Error): Promise<void> {
    const since = this.local.begin();
    const failure = {
      kind: 'failed',
      bytes: Buffer.alloc(0),
      freshMs: ERROR_WINDOW_MS,
      staleMs: 0,
      loadMs: 0,
    } as const;
    const stored = await this.store.fill(key, lease, failure).catch(() => true);
    const entry = entryAt(this.clock.now(), failure);
    if (stored) this.local.put(key, { ...entry, value: error, sizeBytes: 0 }, since);
  }

  private async renewed<Value>(key: CacheKey, load: Load<Value>, old: LocalEntry): Promise<void> {
    try {
      const since = this.local.begin();
      const entry = await this.store.get(key);
      if (entry !== undefined && entry.freshUntil > old.freshUntil) {
        this.taken(key, load, entry, { since, source: 'store' });
        return;
      }
      const lease = await this.store.lease(key);
      if (lease !== undefined) await this.loadOrKeep(key, load, lease, entry);
    } catch {
      // The store is out; what is stale is used until it ends.
    }
  }

  private renewWith<Value>(key: CacheKey, load: Load<Value>, lease: CacheLease, old: CacheEntry): void {
    if (this.renewing.has(key.name)) return;
    this.renewing.add(key.name);
    void this.loadOrKeep(key, load, lease, old).finally(() => this.renewing.delete(key.name));
  }

  /** Loads anew; when that fails, what is there is used on, and not tried again by everybody at once. */
  private async loadOrKeep<Value>(
    key: CacheKey,
    load: Load<Value>,
    lease: CacheLease,
    old: CacheEntry | undefined,
  ): Promise<void> {
    try {
      await this.load(key, load, this.outlet(key, lease));
    } catch (error) {
      if (old === undefined || isAnswer(error)) await this.store.release(key, lease).catch(() => undefined);
      else await this.keepOn(key, load, lease, old);
    }
  }

  private async keepOn<Value>(
    key: CacheKey,
    { codec }: Load<Value>,
    lease: CacheLease,
    old: CacheEntry,
  ): Promise<void> {
    const since = this.local.begin();
    const staleMs = old.staleUntil - this.clock.now() - ERROR_WINDOW_MS;
    const entry = { ...old, freshMs: ERROR_WINDOW_MS, staleMs, compressible: codec.compressible };
    const stored = await this.store.fill(key, lease, entry).catch(() => true);
    if (stored) this.local.put(key, localOf(entryAt(this.clock.now(), entry), codec), since);
  }
}

/** What a loader says on purpose, and would say again: not a failure. */
function isAnswer(error: unknown): boolean {
  return error instanceof NotCacheable || (error instanceof DomainError && error.kind !== 'unavailable');
}

function localOf<Value>(entry: CacheEntry, codec: Codec<Value>): LocalEntry {
  const { kind, storedAt, freshUntil, staleUntil, loadMs, bytes } = entry;
  const value = kind === 'value' ? codec.decode(bytes) : undefined;
  return { kind, value, storedAt, freshUntil, staleUntil, loadMs, sizeBytes: codec.sizeOf(bytes) };
}
