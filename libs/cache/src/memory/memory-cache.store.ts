import { Clock } from '@app/clock';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CACHE_OPTIONS, type CacheModuleOptions } from '../cache.options.js';
import {
  allTags,
  CacheStore,
  LEASE_MS,
  namespaceTag,
  type CachedValue,
  type CacheKey,
  type CacheLease,
  type CacheLookup,
} from '../cache-store.js';

interface Entry extends CachedValue {
  readonly expiresAt: number;
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
  private readonly entries: LRUCache<string, Entry>;
  private readonly leases = new LRUCache<string, HeldLease>({ max: MAX_LEASES });
  /** A dropped version comes back as a new one, which only costs a reload. */
  private readonly versions = new LRUCache<string, string>({ max: MAX_TAGS });
  private nextVersion = 0;

  constructor(
    private readonly clock: Clock,
    @Inject(CACHE_OPTIONS) { maxMemoryBytes }: Pick<CacheModuleOptions, 'maxMemoryBytes'>,
  ) {
    super();
    this.entries = new LRUCache({
      maxSize: maxMemoryBytes,
      sizeCalculation: ({ bytes }, name) => bytes.length + name.length + ENTRY_OVERHEAD_BYTES,
    });
  }

  async lookup(key: CacheKey): Promise<CacheLookup> {
    const tagVersions = this.currentVersions(key);
    const value = this.find(key.name, tagVersions);
    if (value !== undefined) return { state: 'fresh', value };
    const now = this.clock.now();
    const held = this.leases.get(key.name);
    if (held !== undefined && held.until > now && isSame(held.tagVersions, tagVersions)) return { state: 'loading' };
    const lease = { nonce: this.newVersion(), tagVersions, until: now + LEASE_MS };
    this.leases.set(key.name, lease);
    return { state: 'lease', lease };
  }

  async fill(key: CacheKey, lease: CacheLease, bytes: Buffer, ttlMs: number): Promise<boolean> {
    const held = this.leases.get(key.name);
    if (held?.nonce !== lease.nonce || held.until <= this.clock.now()) return false;
    this.leases.delete(key.name);
    if (!isSame(lease.tagVersions, this.currentVersions(key))) return false;
    this.store(key.name, bytes, ttlMs, lease.tagVersions);
    return true;
  }

  async release({ name }: CacheKey, { nonce }: CacheLease): Promise<void> {
    if (this.leases.get(name)?.nonce === nonce) this.leases.delete(name);
  }

  async get(key: CacheKey): Promise<CachedValue | undefined> {
    return this.find(key.name, this.currentVersions(key));
  }

  async set(key: CacheKey, bytes: Buffer, ttlMs: number): Promise<void> {
    this.leases.delete(key.name);
    this.store(key.name, bytes, ttlMs, this.currentVersions(key));
  }

  async delete(name: string): Promise<void> {
    this.leases.delete(name);
    this.entries.delete(name);
  }

  async invalidate(tags: readonly string[]): Promise<void> {
    for (const tag of tags) this.versions.set(tag, this.newVersion());
  }

  async clear(namespace: string): Promise<void> {
    await this.invalidate([namespaceTag(namespace)]);
  }

  private find(name: string, tagVersions: readonly string[]): CachedValue | undefined {
    const entry = this.entries.get(name);
    if (entry === undefined) return undefined;
    if (entry.expiresAt > this.clock.now() && isSame(entry.tagVersions, tagVersions)) return entry;
    this.entries.delete(name);
    return undefined;
  }

  private store(name: string, bytes: Buffer, ttlMs: number, tagVersions: readonly string[]): void {
    const storedAt = this.clock.now();
    this.entries.set(name, { bytes, storedAt, expiresAt: storedAt + ttlMs, tagVersions });
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
