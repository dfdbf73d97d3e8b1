import type { CacheEntry, EntryFacts, NewEntry } from './cache-entry.js';
import type { CacheKey } from './cache-key.js';

/** The right to fill one key, and the tag versions seen before the load began. */
export interface CacheLease {
  readonly nonce: string;
  readonly tagVersions: readonly string[];
}

export type CacheLookup =
  | { readonly state: 'fresh'; readonly entry: CacheEntry }
  /** Not fresh any more, but usable; with a lease it is for the caller to load a new one. */
  | { readonly state: 'stale'; readonly entry: CacheEntry; readonly lease: CacheLease | undefined }
  /** Nothing there: the caller loads, then fills or releases. */
  | { readonly state: 'lease'; readonly lease: CacheLease }
  /** Nothing there, and another caller holds the lease. */
  | { readonly state: 'loading' };

/** Which entries an operator asks for; all unless one of them is given. */
export interface EntryFilter {
  readonly namespace?: string | undefined;
  readonly tag?: string | undefined;
}

export interface EntryPage {
  readonly entries: readonly EntryFacts[];
  /** Where the next page begins; undefined at the end. */
  readonly cursor: string | undefined;
}

/**
 * Where cached bytes live. Implementations must pass `cacheStoreContract()`.
 *
 * Guarantees:
 * - at most one lease on a key at a time; a lease ends when filled, released, or after `LEASE_MS`; a `set`, a `delete`
 *   or an invalidation of one of the key's tags takes it away;
 * - a fill counts only while its lease is held, so a load that began before a write never stores the old value;
 * - an entry is answered until it is neither fresh nor stale, or earlier dropped for memory; never after a `delete`, an
 *   `invalidate` of one of its tags, or a `clear` of its namespace was acknowledged;
 * - memory is bounded in bytes; nothing outside the cache is ever touched.
 *
 * @throws {UnavailableError} from every method when a shared store does not answer
 */
export abstract class CacheStore {
  /** True when all instances see the same entries. */
  abstract readonly shared: boolean;

  /**
   * What is to be done each time a shared store comes back after it was away, before it answers anything: `catchUp`
   * tells it what has become worthless meanwhile. As long as that fails, the store does not answer.
   */
  onReturn(_catchUp: (tell: (tags: readonly string[]) => Promise<void>) => Promise<void>): void {
    // One that is never away has nothing to catch up with.
  }

  /** The entry, or the lease to load it; one round trip when a fresh one is there. */
  abstract lookup(key: CacheKey): Promise<CacheLookup>;

  /** The lease to load a key anew, whether or not it has an entry; undefined while another caller holds it. */
  abstract lease(key: CacheKey): Promise<CacheLease | undefined>;

  /** Stores what was loaded. False when the lease was lost: then nothing is stored. */
  abstract fill(key: CacheKey, lease: CacheLease, entry: NewEntry): Promise<boolean>;

  /** Gives the lease back after a failed load, so that the next caller may try. */
  abstract release(key: CacheKey, lease: CacheLease): Promise<void>;

  /** The entry, fresh or stale, without asking for a lease. */
  abstract get(key: CacheKey): Promise<CacheEntry | undefined>;

  /** The same for several keys, in their order, in one round trip. */
  abstract getMany(keys: readonly CacheKey[]): Promise<(CacheEntry | undefined)[]>;

  /** Stores unconditionally. */
  abstract set(key: CacheKey, entry: NewEntry): Promise<void>;

  /** Forgets keys; gives how many of them had an entry. */
  abstract delete(names: readonly string[]): Promise<number>;

  /** Makes every entry with one of the tags worthless, in time that does not depend on their number. */
  abstract invalidate(tags: readonly string[]): Promise<void>;

  /** Makes every entry of a namespace worthless, likewise. */
  abstract clear(namespace: string): Promise<void>;

  /**
   * Entries as an operator sees them, about `limit` at a time, in no order; one that is there all the time is in
   * exactly one page or a few. Walks through everything there is: not for requests of learners.
   */
  abstract scan(filter: EntryFilter, cursor: string | undefined, limit: number): Promise<EntryPage>;
}

/** How long a loader may take before another caller may try. */
export const LEASE_MS = 10_000;
