/** The right to fill one key, and the tag versions seen before the load began. */
export interface CacheLease {
  readonly nonce: string;
  readonly tagVersions: readonly string[];
}

export interface CachedValue {
  readonly bytes: Buffer;
  /** When it was stored, in milliseconds since the epoch. */
  readonly storedAt: number;
}

export type CacheLookup =
  | { readonly state: 'fresh'; readonly value: CachedValue }
  /** The caller loads the value, then fills or releases. */
  | { readonly state: 'lease'; readonly lease: CacheLease }
  /** Another caller holds the lease. */
  | { readonly state: 'loading' };

/** A key and what it depends on; the same tags in the same order wherever the key is used. */
export interface CacheKey {
  /** `namespace:rest`; the namespace can be cleared as a whole. */
  readonly name: string;
  /** Changed by `invalidate`; an entry is fresh only while none of its tags has changed since before its load. */
  readonly tags: readonly string[];
}

/**
 * Where cached bytes live. Implementations must pass `cacheStoreContract()`.
 *
 * Guarantees:
 * - at most one lease on a key at a time; a lease ends when filled, released, deleted, or after `LEASE_MS`;
 * - a fill counts only while its lease is held and no tag of the key was invalidated since the lease was taken, so a
 *   load that began before a write never stores the old value;
 * - a value is answered until its ttl has passed, or earlier dropped for memory; never after a `delete`, an
 *   `invalidate` of one of its tags, or a `clear` of its namespace was acknowledged;
 * - memory is bounded in bytes; nothing outside the cache is ever touched.
 *
 * @throws {UnavailableError} from every method when a shared store does not answer
 */
export abstract class CacheStore {
  /** The value, or the lease to load it; one round trip when the value is there. */
  abstract lookup(key: CacheKey): Promise<CacheLookup>;

  /** Stores what was loaded. False when the lease was lost: then nothing is stored. */
  abstract fill(key: CacheKey, lease: CacheLease, bytes: Buffer, ttlMs: number): Promise<boolean>;

  /** Gives the lease back after a failed load, so that the next caller may try. */
  abstract release(key: CacheKey, lease: CacheLease): Promise<void>;

  /** The value without asking for a lease. */
  abstract get(key: CacheKey): Promise<CachedValue | undefined>;

  /** Stores unconditionally, and takes away a lease in flight. */
  abstract set(key: CacheKey, bytes: Buffer, ttlMs: number): Promise<void>;

  /** Forgets one key, and takes away a lease in flight. */
  abstract delete(name: string): Promise<void>;

  /** Makes every entry with one of the tags stale, in time that does not depend on their number. */
  abstract invalidate(tags: readonly string[]): Promise<void>;

  /** Makes every entry of a namespace stale, likewise. */
  abstract clear(namespace: string): Promise<void>;
}

/** How long a loader may take before another caller may try. */
export const LEASE_MS = 10_000;

/** The tags of a key together with the implicit one of its namespace. */
export function allTags({ name, tags }: CacheKey): string[] {
  return [namespaceTag(namespaceOf(name)), ...tags];
}

export function namespaceOf(name: string): string {
  return name.slice(0, name.indexOf(':'));
}

export function namespaceTag(namespace: string): string {
  return `namespace:${namespace}`;
}
