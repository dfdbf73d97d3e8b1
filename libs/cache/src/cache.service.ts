import { Clock } from '@app/clock';
import { Inject, Injectable } from '@nestjs/common';
import { answerOf, valueOf, type CacheAnswer } from './cache-answer.js';
import { namespaceOf, namespaceTag, type CacheKey } from './cache-key.js';
import type { CacheUse } from './cache-use.js';
import { CACHE_OPTIONS, type CacheModuleOptions } from './cache.options.js';
import { jsonCodec, type Codec } from './codec.js';
import { Flights } from './flights.js';
import { Invalidations } from './invalidations.js';
import { LocalCache, type LocalCopy } from './local-cache.js';
import { NamespaceStatistics } from './namespace-statistics.js';
import { ReadThrough, type Load } from './read-through.js';

/** A key that is used so often that its value is loaded anew before it ends. */
const HOT_USES = 10;
/** The last tenth of its life, but no more than ten loads take, or a second. */
const EARLY_SHARE = 0.1;
const EARLY_LOADS = 10;
const EARLY_AT_LEAST_MS = 1000;

/**
 * Reads through the cache: one load per cold key for all instances. Every answer is from after the last invalidation of
 * its tags that this process has heard of; it hears of those of others within milliseconds, and uses no copy once it
 * has not heard anything for a second. A store that is out costs the load, never the answer.
 */
@Injectable()
export class CacheService {
  private readonly flights: Flights;

  constructor(
    private readonly local: LocalCache,
    private readonly readThrough: ReadThrough,
    private readonly invalidations: Invalidations,
    private readonly statistics: NamespaceStatistics,
    private readonly clock: Clock,
    @Inject(CACHE_OPTIONS) private readonly options: Pick<CacheModuleOptions, 'enabled'>,
  ) {
    this.flights = new Flights(local);
  }

  /**
   * The value of `name` (`namespace:rest`), loaded when it is not cached. It must survive JSON, and is frozen.
   *
   * @throws {CacheLoadFailedError} when the load failed a moment ago; what the load throws when it is made now
   */
  async getOrLoad<Value>(name: string, use: CacheUse, load: () => Promise<Value>): Promise<Value> {
    const copy = this.copyOf(name);
    if (copy !== undefined && this.isGood(copy)) return valueOf(this.hit(name, copy)) as Value;
    const key = { name, tags: use.tags ?? [] };
    return (await this.answer(key, { use, codec: jsonCodec as Codec<Value>, load }, copy)).value as Value;
  }

  /** The same for any kind of value, with what is known of the answer. */
  async getOrLoadWith<Value>(
    name: string,
    codec: Codec<Value>,
    use: CacheUse,
    load: () => Promise<Value | undefined>,
  ): Promise<CacheAnswer<Value>> {
    const copy = this.copyOf(name);
    if (copy !== undefined && this.isGood(copy)) return answerOf(this.hit(name, copy), 'local');
    return this.answer({ name, tags: use.tags ?? [] }, { use, codec, load }, copy);
  }

  /** A fresh copy in the memory of this process, at once; undefined leaves everything to `getOrLoadWith`. */
  peek<Value>(name: string): CacheAnswer<Value> | undefined {
    const copy = this.copyOf(name);
    if (copy === undefined || copy.kind === 'failed' || !this.isGood(copy)) return undefined;
    return answerOf(this.hit(name, copy), 'local');
  }

  /**
   * Makes everything that depends on one of the tags worthless, on every instance. After a write, use `CacheWrites`,
   * which also survives the end of this process.
   */
  async invalidate(...tags: readonly string[]): Promise<void> {
    await this.invalidations.settle(tags);
  }

  /** The same for everything in a namespace. */
  clear(namespace: string): Promise<void> {
    return this.invalidate(namespaceTag(namespace));
  }

  private copyOf(name: string): LocalCopy | undefined {
    return this.options.enabled ? this.local.get(name) : undefined;
  }

  /** Fresh, and not so much used and so near its end that it is to be loaded anew. */
  private isGood({ uses, freshUntil, storedAt, loadMs }: LocalCopy): boolean {
    const leftMs = freshUntil - this.clock.now();
    if (uses < HOT_USES) return leftMs > 0;
    return leftMs >= Math.min(EARLY_SHARE * (freshUntil - storedAt), Math.max(EARLY_LOADS * loadMs, EARLY_AT_LEAST_MS));
  }

  /** Counts a copy that is answered. */
  private hit(name: string, copy: LocalCopy): LocalCopy {
    this.statistics.of(namespaceOf(name)).localHits += 1;
    return copy;
  }

  /** @param copy what is here, and may be old */
  private async answer<Value>(
    key: CacheKey,
    load: Load<Value>,
    copy: LocalCopy | undefined,
  ): Promise<CacheAnswer<Value>> {
    if (!this.options.enabled) return this.readThrough.uncached(load);
    if (copy !== undefined && copy.kind !== 'failed') {
      this.readThrough.renew(key, load, copy);
      if (copy.freshUntil > this.clock.now()) return answerOf(this.hit(key.name, copy), 'local');
      this.statistics.of(namespaceOf(key.name)).stale += 1;
      return answerOf(copy, 'stale');
    }
    const flight = this.flights.of(key);
    if (flight !== undefined) {
      this.statistics.of(namespaceOf(key.name)).coalesced += 1;
      return { ...((await flight) as CacheAnswer<Value>), source: 'coalesced' };
    }
    return this.flights.begin(key, () => this.readThrough.read(key, load));
  }
}
