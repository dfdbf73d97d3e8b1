import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CacheMetrics } from './cache-metrics.js';
import { CacheStore, namespaceOf, type CachedValue, type CacheKey, type CacheLease } from './cache-store.js';
import { OwedInvalidations } from './owed-invalidations.js';
import { CACHE_OPTIONS, type CacheModuleOptions } from './cache.options.js';

export interface CacheUse {
  /** Depends on these; a write that changes what they stand for invalidates them. */
  readonly tags?: readonly string[];
  /** Freshness; the configured default unless given. */
  readonly ttlMs?: number;
}

export interface CacheAnswer extends CachedValue {
  /** True when nothing was loaded for this call. */
  readonly hit: boolean;
}

/** How long to wait for another instance's load before loading too. */
const WAIT_FOR_OTHERS_MS = 2000;
const POLL_MS = 15;

/**
 * Reads through the cache: one load per cold key and process, and per cluster while its store answers. A store that
 * is out costs the load, never the answer.
 */
@Injectable()
export class CacheService {
  private readonly loads = new Map<string, Promise<CachedValue>>();

  constructor(
    private readonly store: CacheStore,
    private readonly metrics: CacheMetrics,
    private readonly owed: OwedInvalidations,
    @Inject(CACHE_OPTIONS) private readonly options: Pick<CacheModuleOptions, 'enabled' | 'defaultTtlMs'>,
  ) {}

  /** The value of `name` (`namespace:rest`), loaded when it is not cached. It must survive JSON. */
  async getOrLoad<Value>(name: string, use: CacheUse, load: () => Promise<Value>): Promise<Value> {
    const { bytes } = await this.getOrLoadBytes(name, use, async () => Buffer.from(JSON.stringify(await load())));
    return JSON.parse(bytes.toString('utf8')) as Value;
  }

  /** The same for bytes; the caller must not change them. */
  async getOrLoadBytes(name: string, use: CacheUse, load: () => Promise<Buffer>): Promise<CacheAnswer> {
    if (!this.options.enabled || this.owed.isOwed(use.tags ?? [])) {
      return { bytes: await load(), storedAt: Date.now(), hit: false };
    }
    const namespace = namespaceOf(name);
    const inFlight = this.loads.get(name);
    if (inFlight !== undefined) {
      this.metrics.count(namespace, 'coalesced');
      return { ...(await inFlight), hit: true };
    }
    const key: CacheKey = { name, tags: use.tags ?? [] };
    const found = await this.lookup(key);
    if (found.state === 'fresh') {
      this.metrics.count(namespace, 'hit');
      return { bytes: found.value.bytes, storedAt: found.value.storedAt, hit: true };
    }
    // Another call of this process may have begun its load while this one looked.
    const begun = this.loads.get(name);
    if (begun !== undefined) {
      if (found.state === 'lease') await this.store.release(key, found.lease).catch(() => undefined);
      return { ...(await begun), hit: true };
    }
    const lease = found.state === 'lease' ? found.lease : undefined;
    const loading = found.state === 'loading' ? this.awaitOthers(key, use, load) : this.load(key, lease, use, load);
    return { ...(await this.share(name, loading)), hit: false };
  }

  /**
   * Makes everything that depends on one of the tags stale. Call it after the write has committed; it does not fail,
   * so that the write is not reported as failed: see `OwedInvalidations`.
   */
  async invalidate(...tags: readonly string[]): Promise<void> {
    for (const name of this.loads.keys()) this.loads.delete(name);
    await this.owed.settle(tags);
  }

  private async lookup(key: CacheKey) {
    try {
      return await this.store.lookup(key);
    } catch {
      this.metrics.count(namespaceOf(key.name), 'error');
      return { state: 'out' } as const;
    }
  }

  private async load(
    key: CacheKey,
    lease: CacheLease | undefined,
    { ttlMs = this.options.defaultTtlMs }: CacheUse,
    load: () => Promise<Buffer>,
  ): Promise<CachedValue> {
    this.metrics.count(namespaceOf(key.name), 'miss');
    try {
      const bytes = await load();
      if (lease !== undefined) await this.store.fill(key, lease, bytes, ttlMs).catch(() => false);
      return { bytes, storedAt: Date.now() };
    } catch (error) {
      if (lease !== undefined) await this.store.release(key, lease).catch(() => undefined);
      throw error;
    }
  }

  private async awaitOthers(key: CacheKey, use: CacheUse, load: () => Promise<Buffer>): Promise<CachedValue> {
    const deadline = Date.now() + WAIT_FOR_OTHERS_MS;
    while (Date.now() < deadline) {
      await sleep(POLL_MS);
      const found = await this.lookup(key);
      if (found.state === 'fresh') return found.value;
      if (found.state === 'lease') return this.load(key, found.lease, use, load);
      if (found.state === 'out') break;
    }
    return this.load(key, undefined, use, load);
  }

  /** Lets concurrent calls of this process wait for one load, until it ends or an invalidation makes it old. */
  private async share(name: string, loading: Promise<CachedValue>): Promise<CachedValue> {
    this.loads.set(name, loading);
    try {
      return await loading;
    } finally {
      if (this.loads.get(name) === loading) this.loads.delete(name);
    }
  }
}
