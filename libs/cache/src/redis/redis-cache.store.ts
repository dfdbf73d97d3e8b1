import { randomUUID } from 'node:crypto';
import { Clock } from '@app/clock';
import { fromRedis, REDIS_CLIENT, RedisScript, type RedisClient } from '@app/redis';
import { Inject, Injectable } from '@nestjs/common';
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
import { decodeEntry, encodeEntry } from './redis-cache-entry.js';

/** Longer than any entry may live. A version that is lost all the same comes back as a new one: a reload. */
const TAG_TTL_MS = 30 * 24 * 3600 * 1000;
const MAX_TTL_MS = 7 * 24 * 3600 * 1000;

const TAKE_LEASE = new RedisScript<number>(`
local held = redis.call('GET', KEYS[1])
-- find gives two values: without the parentheses sub would cut at the second.
if held and string.sub(held, (string.find(held, ' '))) == ' ' .. ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
return 1
`);
const FILL = new RedisScript<number>(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`);
const RELEASE = new RedisScript<number>(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);
const SET = new RedisScript<number>(`
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/**
 * One view for every instance. An entry carries the versions its tags had before its load; a reader compares them
 * with the current ones, which it gets in the same round trip. No script spans hash slots.
 */
@Injectable()
export class RedisCacheStore extends CacheStore {
  constructor(
    @Inject(REDIS_CLIENT) private readonly redis: RedisClient,
    private readonly clock: Clock,
  ) {
    super();
  }

  async lookup(key: CacheKey): Promise<CacheLookup> {
    const { value, tagVersions } = await this.read(key);
    if (value !== undefined) return { state: 'fresh', value };
    const nonce = randomUUID();
    // A lease taken before an invalidation has other versions, and holds up no newer load.
    const taken = await TAKE_LEASE.run(this.redis, [leaseName(key.name)], [nonce, tagVersions.join(), LEASE_MS]);
    return taken === 1 ? { state: 'lease', lease: { nonce, tagVersions } } : { state: 'loading' };
  }

  async fill(key: CacheKey, lease: CacheLease, bytes: Buffer, ttlMs: number): Promise<boolean> {
    const entry = encodeEntry({ bytes, storedAt: this.clock.now() }, lease.tagVersions);
    const keys = [entryName(key.name), leaseName(key.name)];
    return (await FILL.run(this.redis, keys, [leaseValue(lease), entry, boundedTtl(ttlMs)])) === 1;
  }

  async release({ name }: CacheKey, lease: CacheLease): Promise<void> {
    await RELEASE.run(this.redis, [leaseName(name)], [leaseValue(lease)]);
  }

  async get(key: CacheKey): Promise<CachedValue | undefined> {
    return (await this.read(key)).value;
  }

  async set(key: CacheKey, bytes: Buffer, ttlMs: number): Promise<void> {
    const tagVersions = await this.versionsOf(key);
    const entry = encodeEntry({ bytes, storedAt: this.clock.now() }, tagVersions);
    await SET.run(this.redis, [entryName(key.name), leaseName(key.name)], [entry, boundedTtl(ttlMs)]);
  }

  async delete(name: string): Promise<void> {
    await fromRedis(this.redis.del(entryName(name), leaseName(name)));
  }

  async invalidate(tags: readonly string[]): Promise<void> {
    await fromRedis(Promise.all(tags.map((tag) => this.redis.set(tagName(tag), randomUUID(), 'PX', TAG_TTL_MS))));
  }

  async clear(namespace: string): Promise<void> {
    await this.invalidate([namespaceTag(namespace)]);
  }

  private async read(key: CacheKey): Promise<{ value: CachedValue | undefined; tagVersions: string[] }> {
    // Sent in one tick, so in one round trip.
    const [tagVersions, packed] = await Promise.all([
      this.versionsOf(key),
      fromRedis(this.redis.getBuffer(entryName(key.name))),
    ]);
    return { value: packed === null ? undefined : decodeEntry(packed, tagVersions), tagVersions };
  }

  private versionsOf(key: CacheKey): Promise<string[]> {
    return Promise.all(allTags(key).map((tag) => this.version(tag)));
  }

  private async version(tag: string): Promise<string> {
    const known = await fromRedis(this.redis.get(tagName(tag)));
    if (known !== null) return known;
    const fresh = randomUUID();
    const stored = await fromRedis(this.redis.set(tagName(tag), fresh, 'PX', TAG_TTL_MS, 'NX', 'GET'));
    return stored ?? fresh;
  }
}

const entryName = (name: string) => `c:{${name}}:e`;
const leaseName = (name: string) => `c:{${name}}:l`;
const leaseValue = ({ nonce, tagVersions }: CacheLease) => `${nonce} ${tagVersions.join()}`;
const tagName = (tag: string) => `c:t:${tag}`;
const boundedTtl = (ttlMs: number) => Math.max(1, Math.min(Math.ceil(ttlMs), MAX_TTL_MS));
