import { Clock } from '@app/clock';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EntryKind } from './cache-entry.js';
import { allTags, type CacheKey } from './cache-key.js';
import { CACHE_OPTIONS, type CacheModuleOptions } from './cache.options.js';
import { CacheStore } from './cache-store.js';
import { LogFollower } from './log-follower.js';
import { TagStamps } from './tag-stamps.js';

/** A value as callers use it, with what is known of it. Times are milliseconds since the epoch. */
export interface LocalEntry {
  readonly kind: EntryKind;
  /** The value; of a failed load its error. Not to be changed. */
  readonly value: unknown;
  readonly storedAt: number;
  readonly freshUntil: number;
  readonly staleUntil: number;
  readonly loadMs: number;
  readonly sizeBytes: number;
}

/** A copy in use. */
export interface LocalCopy extends LocalEntry {
  /** How often it was used. */
  readonly uses: number;
}

interface Held extends LocalEntry {
  /** All of them: that of its namespace, and one of its own, too. */
  readonly tags: readonly string[];
  /** Where the stamps were before it was read. */
  readonly position: number;
  /** When it was read, on the steady clock. */
  readonly readAtMs: number;
  uses: number;
}

/** Where a reading begins. */
export interface ReadingPoint {
  readonly position: number;
  readonly atMs: number;
}

/** How long a copy is believed without hearing of invalidations. */
const TRUSTED_MS = 1000;
const ENTRY_OVERHEAD_BYTES = 400;

/**
 * Values as objects in the memory of this process, in front of the store. A copy is used only while every invalidation
 * of the last second is known here to have been heard of; a process that was asleep, or cut off, asks the store.
 */
@Injectable()
export class LocalCache {
  private readonly stamps = new TagStamps();
  private readonly held: LRUCache<string, Held>;
  private readonly follows: boolean;
  private readonly listeners: ((tags: readonly string[]) => void)[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly follower: LogFollower,
    store: CacheStore,
    @Inject(CACHE_OPTIONS) { maxMemoryBytes }: Pick<CacheModuleOptions, 'maxMemoryBytes'>,
  ) {
    this.follows = store.shared;
    this.held = new LRUCache({
      maxSize: store.shared ? maxMemoryBytes : Math.ceil(maxMemoryBytes / 2),
      sizeCalculation: ({ sizeBytes }, name) => sizeBytes + name.length + ENTRY_OVERHEAD_BYTES,
    });
    follower.follow({
      onInvalidation: ({ tags, names }) => this.invalidate(tags, names),
      onGap: () => this.stamps.stampAll(),
    });
  }

  /** The entry, fresh or stale; undefined when it may have been invalidated. */
  get(name: string): LocalCopy | undefined {
    const held = this.held.get(name);
    if (held === undefined) return undefined;
    if (!this.stamps.holds(held.position, held.tags)) {
      this.held.delete(name);
      return undefined;
    }
    if (this.follows && !this.follower.isCurrent && this.clock.steadyMs() - held.readAtMs > TRUSTED_MS)
      return undefined;
    if (held.staleUntil <= this.clock.now()) return undefined;
    held.uses += 1;
    return held;
  }

  /** To be called before what is to be put here is read. */
  begin(): ReadingPoint {
    return { position: this.stamps.position, atMs: this.clock.steadyMs() };
  }

  /** Whether nothing that the key depends on was invalidated since. */
  stillHolds({ position }: ReadingPoint, key: CacheKey): boolean {
    return this.stamps.holds(position, stampsOf(key));
  }

  /** Keeps what was read since `since`, unless it was invalidated in the meantime. */
  put(key: CacheKey, entry: LocalEntry, since: ReadingPoint): void {
    const tags = stampsOf(key);
    if (!this.stamps.holds(since.position, tags)) return;
    this.held.set(key.name, { ...entry, tags, position: since.position, readAtMs: since.atMs, uses: 0 });
  }

  invalidate(tags: readonly string[], names: readonly string[] = []): void {
    this.stamps.stamp([...tags, ...names.map(ownTag)]);
    for (const listener of this.listeners) listener(tags);
  }

  /** Tells of every invalidation, wherever it was made. */
  onInvalidation(listener: (tags: readonly string[]) => void): void {
    this.listeners.push(listener);
  }

  get sizeBytes(): number {
    return this.held.calculatedSize;
  }

  /** All copies there are; walks through them. */
  *copies(): Generator<readonly [name: string, copy: LocalCopy]> {
    for (const [name, held] of this.held.entries()) {
      if (this.stamps.holds(held.position, held.tags)) yield [name, held];
    }
  }
}

const ownTag = (name: string) => `key:${name}`;
const stampsOf = (key: CacheKey) => [...allTags(key), ownTag(key.name)];
