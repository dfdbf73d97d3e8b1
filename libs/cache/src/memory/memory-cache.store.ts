import { Clock } from '@app/clock';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { entryAt, type CacheEntry, type NewEntry } from '../cache-entry.js';
import { allTags, namespaceOf, namespaceTag, type CacheKey } from '../cache-key.js';
import { CACHE_OPTIONS, type CacheModuleOptions } from '../cache.options.js';
import {
  CacheStore,
  LEASE_MS,
  type CacheLease,
  type CacheLookup,
  type EntryFilter,
  type EntryPage,
} from '../cache-store.js';
import { InvalidationLog } from '../invalidation-log.js';

interface Kept {
  readonly entry: CacheEntry;
  readonly tags: readonly string[];
  readonly tagVersions: readonly string[];
}

interface HeldLease extends CacheLease {
  readonly until: number;
}

/** Roughly what the maps spend on an entry beside its bytes. */
const ENTRY_OVERHEAD_BYTES = 300;
const MAX_TAGS = 200_000;
const MAX_LEASES = 10_000;

/** Bounded maps in this process. Right for one instance. */
@Injectable()
export class MemoryCacheStore extends CacheStore {
  readonly shared = false;
  private readonly kept: LRUCache<string, Kept>;
  private readonly leases = new LRUCache<string, HeldLease>({ max: MAX_LEASES });
  /** A dropped version comes back as a new one, which only costs a reload. */
  private readonly versions = new LRUCache<string, string>({ max: MAX_TAGS });
  private nextVersion = 0;

  constructor(
    private readonly clock: Clock,
    @Inject(CACHE_OPTIONS) { maxMemoryBytes }: Pick<CacheModuleOptions, 'maxMemoryBytes'>,
    private readonly log: InvalidationLog,
  ) {
    super();
    this.kept = new LRUCache({
      // The other half holds the same values as objects, in front of this.
      maxSize: Math.ceil(maxMemoryBytes / 2),
      sizeCalculation: ({ entry }, name) => entry.bytes.length + name.length + ENTRY_OVERHEAD_BYTES,
    });
  }

  async lookup(key: CacheKey): Promise<CacheLookup> {
    const tagVersions = this.currentVersions(key);
    const entry = this.find(key.name, tagVersions);
    if (entry !== undefined && entry.freshUntil > this.clock.now()) return { state: 'fresh', entry };
    const lease = this.take(key.name, tagVersions);
    if (entry !== undefined) return { state: 'stale', entry, lease };
    return lease === undefined ? { state: 'loading' } : { state: 'lease', lease };
  }

  async lease(key: CacheKey): Promise<CacheLease | undefined> {
    return this.take(key.name, this.currentVersions(key));
  }

  async fill(key: CacheKey, lease: CacheLease, entry: NewEntry): Promise<boolean> {
    const held = this.leases.get(key.name);
    if (held?.nonce !== lease.nonce || held.until <= this.clock.now()) return false;
    this.leases.delete(key.name);
    if (!isSame(lease.tagVersions, this.currentVersions(key))) return false;
    this.keep(key, entry, lease.tagVersions);
    return true;
  }

  async release({ name }: CacheKey, { nonce }: CacheLease): Promise<void> {
    if (this.leases.get(name)?.nonce === nonce) this.leases.delete(name);
  }

  async get(key: CacheKey): Promise<CacheEntry | undefined> {
    return this.find(key.name, this.currentVersions(key));
  }

  getMany(keys: readonly CacheKey[]): Promise<(CacheEntry | undefined)[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  async set(key: CacheKey, entry: NewEntry): Promise<void> {
    this.leases.delete(key.name);
    this.keep(key, entry, this.currentVersions(key));
  }

  async delete(names: readonly string[]): Promise<number> {
    let deleted = 0;
    for (const name of names) {
      this.leases.delete(name);
      if (this.kept.delete(name)) deleted += 1;
    }
    await this.log.append({ tags: [], names });
    return deleted;
  }

  async invalidate(tags: readonly string[]): Promise<void> {
    for (const tag of tags) this.versions.set(tag, this.newVersion());
    await this.log.append({ tags, names: [] });
  }

  async clear(namespace: string): Promise<void> {
    await this.invalidate([namespaceTag(namespace)]);
  }

  async scan({ namespace, tag }: EntryFilter, cursor: string | undefined, limit: number): Promise<EntryPage> {
    const names = [...this.kept.keys()];
    const from = cursor === undefined ? 0 : Number(cursor);
    const entries = names.slice(from, from + limit).flatMap((name) => {
      const kept = this.kept.peek(name);
      if (kept === undefined || !isSame(kept.tagVersions, this.currentVersions({ name, tags: kept.tags }))) return [];
      if (namespace !== undefined && namespaceOf(name) !== namespace) return [];
      if (tag !== undefined && !kept.tags.includes(tag)) return [];
      const { kind, storedAt, freshUntil, bytes } = kept.entry;
      return [{ name, tags: kept.tags, kind, storedAt, freshUntil, sizeBytes: bytes.length }];
    });
    return { entries, cursor: from + limit < names.length ? String(from + limit) : undefined };
  }

  private find(name: string, tagVersions: readonly string[]): CacheEntry | undefined {
    const kept = this.kept.get(name);
    if (kept === undefined) return undefined;
    if (kept.entry.staleUntil > this.clock.now() && isSame(kept.tagVersions, tagVersions)) return kept.entry;
    this.kept.delete(name);
    return undefined;
  }

  private take(name: string, tagVersions: readonly string[]): CacheLease | undefined {
    const now = this.clock.now();
    const held = this.leases.get(name);
    // A lease taken before an invalidation has other versions, and holds up no newer load.
    if (held !== undefined && held.until > now && isSame(held.tagVersions, tagVersions)) return undefined;
    const lease = { nonce: this.newVersion(), tagVersions, until: now + LEASE_MS };
    this.leases.set(name, lease);
    return lease;
  }

  private keep({ name, tags }: CacheKey, entry: NewEntry, tagVersions: readonly string[]): void {
    this.kept.set(name, { entry: entryAt(this.clock.now(), entry), tags, tagVersions });
  }

  private currentVersions(key: CacheKey): string[] {
    return allTags(key).map((tag) => {
      let version = this.versions.get(tag);
      if (version === undefined) this.versions.set(tag, (version = this.newVersion()));
      return version;
    });
  }

  private newVersion(): string {
    this.nextVersion += 1;
    return String(this.nextVersion);
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((version, index) => version === b[index]);
}
