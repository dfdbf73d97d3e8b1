import { EventEmitter } from 'node:events';
import type { KeyvStoreAdapter, StoredData } from 'keyv';
import { MAX_LIFE_MS, type CacheEntry } from '../cache-entry.js';
import type { CacheKey } from '../cache-key.js';
import type { CacheStore } from '../cache-store.js';

/** Where everything that comes by way of Keyv is kept, apart from all else. */
const NAMESPACE = 'keyv';

/**
 * A `CacheStore` as Keyv sees one, for modules that bring Keyv or cache-manager along. Clearing takes away one Keyv
 * namespace and nothing else. Without a time to live a value stays for a week at most: it is a cache.
 */
export class CacheKeyvStore extends EventEmitter implements KeyvStoreAdapter {
  /** Keyv iterates over stores of dialects it knows, and no others. */
  readonly opts: Record<string, unknown> = { dialect: 'redis' };
  namespace: string | undefined;

  constructor(private readonly store: CacheStore) {
    super();
  }

  async get<Value>(key: string): Promise<StoredData<Value> | undefined> {
    return textOf<Value>(await this.store.get(this.keyOf(key)));
  }

  async getMany<Value>(keys: string[]): Promise<StoredData<Value | undefined>[]> {
    const found = await this.store.getMany(keys.map((key) => this.keyOf(key)));
    return found.map((entry) => textOf<Value>(entry));
  }

  async set(key: string, value: string, ttl?: number): Promise<void> {
    const bytes = Buffer.from(value);
    const freshMs = ttl === undefined || ttl <= 0 ? MAX_LIFE_MS : ttl;
    await this.store.set(this.keyOf(key), { kind: 'value', bytes, freshMs, staleMs: 0, loadMs: 0 });
  }

  async has(key: string): Promise<boolean> {
    return (await this.store.get(this.keyOf(key))) !== undefined;
  }

  async delete(key: string): Promise<boolean> {
    return this.deleteMany([key]);
  }

  /** Whether one of them was there. */
  async deleteMany(keys: string[]): Promise<boolean> {
    const wanted = keys.map((key) => this.keyOf(key));
    const found = await this.store.getMany(wanted);
    await this.store.delete(wanted.map(({ name }) => name));
    return found.some((entry) => entry !== undefined);
  }

  async clear(): Promise<void> {
    await this.store.invalidate([this.tag]);
  }

  async *iterator<Value>(): AsyncGenerator<(string | Awaited<Value> | undefined)[], void> {
    let cursor: string | undefined;
    do {
      const page = await this.store.scan({ namespace: NAMESPACE, tag: this.tag }, cursor, 100);
      const keys = page.entries.map(({ name }) => name.slice(NAMESPACE.length + 1));
      const values = await this.getMany<Value>(keys);
      for (const [index, key] of keys.entries()) {
        if (values[index] !== undefined) yield [key, values[index] as Awaited<Value>];
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  /** The store belongs to the application. */
  async disconnect(): Promise<void> {
    // Nothing to be closed.
  }

  private get tag(): string {
    return `keyv:${this.namespace ?? ''}`;
  }

  private keyOf(key: string): CacheKey {
    return { name: `${NAMESPACE}:${key}`, tags: [this.tag] };
  }
}

function textOf<Value>(entry: CacheEntry | undefined): StoredData<Value> | undefined {
  return entry === undefined ? undefined : (entry.bytes.toString('utf8') as StoredData<Value>);
}
