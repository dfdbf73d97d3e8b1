import { randomBytes } from 'node:crypto';
import { Clock } from '@app/clock';
import { Injectable } from '@nestjs/common';
import { entryAt, MAX_LIFE_MS, type CacheEntry, type EntryFacts, type NewEntry } from '../cache-entry.js';
import { allTags, namespaceTag, type CacheKey } from '../cache-key.js';
import {
  CacheStore,
  LEASE_MS,
  type CacheLease,
  type CacheLookup,
  type EntryFilter,
  type EntryPage,
} from '../cache-store.js';
import { CacheConnection, type CacheNames } from './cache-connection.js';
import { ACQUIRE, DELETE, FACTS, FILL, INVALIDATE, RELEASE, SET } from './cache-scripts.js';
import { packEntry, readHead, unpackEntry } from './packed-entry.js';
import { LOG_LENGTH, writeInvalidation } from './redis-invalidation-log.js';

/** Longer than any entry may live. A version that is lost all the same comes back as a new one: a reload. */
const VERSION_TTL_MS = 2 * MAX_LIFE_MS;
const LONGEST_HEAD = 4096;

/**
 * One view for every instance. An entry carries the versions its tags had before its load; who reads it compares them
 * with the current ones, which come with it in one command.
 */
@Injectable()
export class RedisCacheStore extends CacheStore {
  readonly shared = true;

  constructor(
    private readonly connection: CacheConnection,
    private readonly clock: Clock,
  ) {
    super();
  }

  override onReturn(catchUp: (tell: (tags: readonly string[]) => Promise<void>) => Promise<void>): void {
    this.connection.beforeUse((names) => catchUp((tags) => this.invalidateOn(names, tags)));
  }

  async lookup(key: CacheKey): Promise<CacheLookup> {
    const found = await this.get(key);
    if (found !== undefined && found.freshUntil > this.clock.now()) return { state: 'fresh', entry: found };
    const { state, entry, lease } = await this.acquire(key, true);
    if (state === 'fresh' && entry !== undefined) return { state, entry };
    if (entry !== undefined) return { state: 'stale', entry, lease };
    return lease === undefined ? { state: 'loading' } : { state: 'lease', lease };
  }

  async lease(key: CacheKey): Promise<CacheLease | undefined> {
    return (await this.acquire(key, false)).lease;
  }

  async fill({ name, tags }: CacheKey, lease: CacheLease, entry: NewEntry): Promise<boolean> {
    const names = this.connection.name();
    const { packed, ttlMs } = await this.pack(entry, tags);
    const versions = lease.tagVersions.join(',');
    const args = [leaseValue(lease), versions, packed, ttlMs];
    return (await this.connection.redis.run(FILL, keysOf(names, { name, tags }), args)) === 1;
  }

  async release({ name }: CacheKey, lease: CacheLease): Promise<void> {
    await this.connection.redis.run(RELEASE, [this.connection.name().lease(name)], [leaseValue(lease)]);
  }

  async get(key: CacheKey): Promise<CacheEntry | undefined> {
    const found = await this.connection.redis.getMany(readKeysOf(this.connection.name(), key));
    return currentEntry(found, 0, found.length, this.clock.now());
  }

  async getMany(keys: readonly CacheKey[]): Promise<(CacheEntry | undefined)[]> {
    const names = this.connection.name();
    const wanted = keys.map((key) => readKeysOf(names, key));
    const found = await this.connection.redis.getMany(wanted.flat());
    const now = this.clock.now();
    let end = 0;
    return Promise.all(wanted.map(async ({ length }) => currentEntry(found, end, (end += length), now)));
  }

  async set({ name, tags }: CacheKey, entry: NewEntry): Promise<void> {
    const names = this.connection.name();
    const { packed, ttlMs } = await this.pack(entry, tags);
    await this.connection.redis.run(SET, keysOf(names, { name, tags }), [unique(), VERSION_TTL_MS, packed, ttlMs]);
  }

  async delete(deleted: readonly string[]): Promise<number> {
    const names = this.connection.name();
    const keys = [names.log, names.count, ...deleted.flatMap((name) => [names.entry(name), names.lease(name)])];
    const message = writeInvalidation({ tags: [], names: deleted });
    return (await this.connection.redis.run(DELETE, keys, [message, LOG_LENGTH])) as number;
  }

  async invalidate(tags: readonly string[]): Promise<void> {
    await this.invalidateOn(this.connection.name(), tags);
  }

  private async invalidateOn(names: CacheNames, tags: readonly string[]): Promise<void> {
    const keys = [names.log, names.count, ...tags.map(names.tag)];
    const message = writeInvalidation({ tags, names: [] });
    await this.connection.redis.run(INVALIDATE, keys, [message, LOG_LENGTH, unique(), VERSION_TTL_MS]);
  }

  async clear(namespace: string): Promise<void> {
    await this.invalidate([namespaceTag(namespace)]);
  }

  async scan({ namespace, tag }: EntryFilter, cursor = '0', limit: number): Promise<EntryPage> {
    const names = this.connection.name();
    const pattern = names.entry(namespace === undefined ? '*' : `${escapePattern(namespace)}:*`);
    const step = await this.connection.redis.scan(names.log, pattern, cursor, limit);
    const facts = (await this.facts(names, step.keys)).filter(({ tags }) => tag === undefined || tags.includes(tag));
    return { entries: await this.current(names, facts), cursor: step.cursor === '0' ? undefined : step.cursor };
  }

  private async acquire({ name, tags }: CacheKey, freshWillDo: boolean) {
    const nonce = unique();
    const now = this.clock.now();
    const args = [nonce, LEASE_MS, VERSION_TTL_MS, now, freshWillDo ? 1 : 0];
    const keys = keysOf(this.connection.name(), { name, tags });
    const reply = (await this.connection.redis.run(ACQUIRE, keys, args)) as [Buffer, Buffer, Buffer];
    const [state, packed, versions] = [String(reply[0]), reply[1], String(reply[2])];
    const entry = packed.length === 0 ? undefined : await unpackEntry(packed, versions, now);
    const lease = state === 'lease' ? { nonce, tagVersions: versions.split(',') } : undefined;
    return { state: state as 'fresh' | 'loading' | 'lease', entry, lease };
  }

  private async pack(entry: NewEntry, tags: readonly string[]) {
    const kept = entryAt(this.clock.now(), entry);
    const packed = await packEntry(kept, tags, entry.compressible ?? true);
    return { packed, ttlMs: Math.max(1, kept.staleUntil - this.clock.now()) };
  }

  private async facts(names: CacheNames, keys: readonly string[]) {
    if (keys.length === 0) return [];
    const found = (await this.connection.redis.run(FACTS, keys, [LONGEST_HEAD])) as (number | Buffer)[];
    return keys.flatMap((key, index) => {
      const [length, text] = [Number(found[index * 2]), String(found[index * 2 + 1])];
      if (length === 0) return [];
      const { kind, storedAt, freshUntil, tags } = readHead(text);
      const sizeBytes = length - Buffer.byteLength(text.split('\n', 1)[0] ?? '', 'latin1') - 1;
      return [{ name: names.nameOf(key), tags, kind, storedAt, freshUntil, sizeBytes, text }];
    });
  }

  /** Without those that an invalidation has made worthless. */
  private async current(
    names: CacheNames,
    facts: readonly (EntryFacts & { readonly text: string })[],
  ): Promise<EntryFacts[]> {
    const tags = [...new Set(facts.flatMap(allTags))];
    const versions = tags.length === 0 ? [] : await this.connection.redis.getMany(tags.map(names.tag));
    const versionOf = new Map(tags.map((tag, index) => [tag, String(versions[index])]));
    return facts.flatMap(({ text, ...entry }) => {
      const current = allTags(entry).map((tag) => versionOf.get(tag));
      return text.startsWith(`${current.join(',')}|`) ? [entry] : [];
    });
  }
}

const unique = () => randomBytes(9).toString('base64url');
const leaseValue = ({ nonce, tagVersions }: CacheLease) => `${nonce} ${tagVersions.join(',')}`;

/** What `currentEntry` looks at. */
const readKeysOf = (names: CacheNames, key: CacheKey) => [names.entry(key.name), ...allTags(key).map(names.tag)];

/** The entry among replies from `start` to `end`, if the versions of its tags that follow it are those it has. */
function currentEntry(replies: readonly (Buffer | null)[], start: number, end: number, now: number) {
  const packed = replies[start];
  if (packed === null || packed === undefined) return undefined;
  let versions = '';
  for (let index = start + 1; index < end; index += 1) {
    const version = replies[index];
    if (version === null || version === undefined) return undefined;
    versions += index === start + 1 ? version.toString('latin1') : `,${version.toString('latin1')}`;
  }
  return unpackEntry(packed, versions, now);
}

const keysOf = (names: CacheNames, key: CacheKey) => [
  names.entry(key.name),
  names.lease(key.name),
  ...allTags(key).map(names.tag),
];
const escapePattern = (text: string) => text.replaceAll(/[\\*?[\]]/g, '\\$&');
