import assert from 'node:assert/strict';
import type { ContractCase } from '@app/contract';
import type { CacheKey, CacheLease, CacheStore } from '../cache-store.js';

interface Subject {
  readonly store: CacheStore;
  /** Lets time pass for the store: a manual clock, or a real wait. */
  readonly pass: (ms: number) => Promise<void>;
}

const LONG_MS = 60_000;
let keys = 0;
const unique = () => `${process.pid}-${Date.now()}-${(keys += 1)}`;
const keyOf = (...tags: string[]): CacheKey => ({ name: `contract:${unique()}`, tags });
const bytes = (text: string) => Buffer.from(text);

async function leaseOf(store: CacheStore, key: CacheKey): Promise<CacheLease> {
  const found = await store.lookup(key);
  assert.equal(found.state, 'lease');
  return found.lease;
}

async function textOf(store: CacheStore, key: CacheKey): Promise<string | undefined> {
  return (await store.get(key))?.bytes.toString('utf8');
}

/** What every `CacheStore` must do, as cases for any test runner. */
export function cacheStoreContract(create: () => Promise<Subject>): ContractCase[] {
  const at = (name: string, check: (subject: Subject) => Promise<void>): ContractCase => ({
    name,
    run: async () => check(await create()),
  });
  return [
    at('answers nothing for a key never set', async ({ store }) => {
      assert.equal(await store.get(keyOf()), undefined);
    }),
    at('answers the very bytes that were set, of any value', async ({ store }) => {
      const key = keyOf('tag');
      const all = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));
      await store.set(key, all, LONG_MS);
      assert.deepEqual((await store.get(key))?.bytes, all);
    }),
    at('forgets a value once its ttl has passed', async ({ store, pass }) => {
      const key = keyOf();
      await store.set(key, bytes('v'), 50);
      assert.equal(await textOf(store, key), 'v');
      await pass(80);
      assert.equal(await store.get(key), undefined);
    }),
    at('gives one lease on a cold key, however many ask', async ({ store }) => {
      const key = keyOf();
      const states = await Promise.all(Array.from({ length: 20 }, async () => (await store.lookup(key)).state));
      assert.equal(states.filter((state) => state === 'lease').length, 1);
      assert.equal(states.filter((state) => state === 'loading').length, 19);
    }),
    at('answers what the holder of the lease filled', async ({ store }) => {
      const key = keyOf('tag');
      const lease = await leaseOf(store, key);
      assert.equal(await store.fill(key, lease, bytes('v'), LONG_MS), true);
      const found = await store.lookup(key);
      assert.equal(found.state, 'fresh');
      assert.equal(await textOf(store, key), 'v');
    }),
    at('gives the lease again after it was released', async ({ store }) => {
      const key = keyOf();
      await store.release(key, await leaseOf(store, key));
      await leaseOf(store, key);
    }),
    at('ignores the release and the fill of a lease that is not held', async ({ store }) => {
      const key = keyOf();
      const lease = await leaseOf(store, key);
      const foreign = { ...lease, nonce: '00000000-0000-4000-8000-000000000000' };
      await store.release(key, foreign);
      assert.equal((await store.lookup(key)).state, 'loading');
      assert.equal(await store.fill(key, foreign, bytes('v'), LONG_MS), false);
      assert.equal(await store.get(key), undefined);
    }),
    at('does not fill after a delete', async ({ store }) => {
      const key = keyOf();
      const lease = await leaseOf(store, key);
      await store.delete(key.name);
      assert.equal(await store.fill(key, lease, bytes('old'), LONG_MS), false);
      assert.equal(await store.get(key), undefined);
    }),
    at('does not fill over a set', async ({ store }) => {
      const key = keyOf();
      const lease = await leaseOf(store, key);
      await store.set(key, bytes('new'), LONG_MS);
      assert.equal(await store.fill(key, lease, bytes('old'), LONG_MS), false);
      assert.equal(await textOf(store, key), 'new');
    }),
    at('never answers a load that began before one of its tags was invalidated', async ({ store }) => {
      const tag = unique();
      const key = keyOf('other', tag);
      const lease = await leaseOf(store, key);
      await store.invalidate([tag]);
      await store.fill(key, lease, bytes('old'), LONG_MS);
      assert.equal(await store.get(key), undefined);
    }),
    at('gives a new lease after an invalidation though an older load is still under way', async ({ store }) => {
      const tag = unique();
      const key = keyOf(tag);
      const older = await leaseOf(store, key);
      await store.invalidate([tag]);
      const newer = await leaseOf(store, key);
      await store.fill(key, older, bytes('old'), LONG_MS);
      assert.equal(await store.fill(key, newer, bytes('new'), LONG_MS), true);
      assert.equal(await textOf(store, key), 'new');
    }),
    at('invalidates every entry of a tag, and no other', async ({ store }) => {
      const tag = unique();
      const [a, b, other] = [keyOf(tag), keyOf('x', tag), keyOf(unique())];
      for (const key of [a, b, other]) await store.set(key, bytes('v'), LONG_MS);
      await store.invalidate([tag]);
      assert.deepEqual(
        [await textOf(store, a), await textOf(store, b), await textOf(store, other)],
        [undefined, undefined, 'v'],
      );
    }),
    at('clears a namespace, and no other', async ({ store }) => {
      const namespace = `n${unique()}`;
      const [inside, outside] = [{ name: `${namespace}:k`, tags: [] }, keyOf()];
      for (const key of [inside, outside]) await store.set(key, bytes('v'), LONG_MS);
      await store.clear(namespace);
      assert.deepEqual([await textOf(store, inside), await textOf(store, outside)], [undefined, 'v']);
    }),
    at('deletes one key only', async ({ store }) => {
      const [a, b] = [keyOf(), keyOf()];
      for (const key of [a, b]) await store.set(key, bytes('v'), LONG_MS);
      await store.delete(a.name);
      assert.deepEqual([await textOf(store, a), await textOf(store, b)], [undefined, 'v']);
    }),
    at('says when a value was stored', async ({ store }) => {
      const key = keyOf();
      await store.set(key, bytes('v'), LONG_MS);
      assert.equal(typeof (await store.get(key))?.storedAt, 'number');
    }),
  ];
}
