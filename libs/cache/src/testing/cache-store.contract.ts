import assert from 'node:assert/strict';
import type { ContractCase } from '@app/contract';
import type { CacheLease } from '../cache-store.js';
import { showing } from './cache-listing.contract.js';
import { LONG_MS, entryOf, keyOf, leaseOf, textOf, unique, type At, type Subject } from './contract-entries.js';

/** What every `CacheStore` must do, as cases for any test runner. */
export function cacheStoreContract(create: () => Promise<Subject>): ContractCase[] {
  const at: At = (name, check) => ({ name, run: async () => check(await create()) });
  return [...keeping(at), ...ageing(at), ...leasing(at), ...invalidating(at), ...showing(at)];
}

function keeping(at: At): ContractCase[] {
  return [
    at('answers nothing for a key never set', async ({ store }) => {
      assert.equal(await store.get(keyOf()), undefined);
    }),
    at('answers the very bytes that were set, of any value', async ({ store }) => {
      const key = keyOf('tag');
      const all = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));
      await store.set(key, { ...entryOf(''), bytes: all });
      assert.deepEqual((await store.get(key))?.bytes, all);
    }),
    at('answers the very bytes of a large value, compressible or not', async ({ store }) => {
      for (const compressible of [true, false]) {
        const key = keyOf();
        const bytes = Buffer.from('largest '.repeat(20_000));
        await store.set(key, { ...entryOf(''), bytes, compressible });
        assert.deepEqual((await store.get(key))?.bytes, bytes);
      }
    }),
    at('keeps that there is none, and that a load failed, apart from a value', async ({ store }) => {
      for (const kind of ['value', 'absent', 'failed'] as const) {
        const key = keyOf();
        await store.set(key, { ...entryOf(''), kind });
        const entry = await store.get(key);
        assert.equal(entry?.kind, kind);
        assert.equal(entry?.bytes.length, 0);
      }
    }),
    at('says when a value was loaded, and how long that took', async ({ store }) => {
      const key = keyOf();
      await store.set(key, { ...entryOf('v'), storedAt: 1234 });
      const entry = await store.get(key);
      assert.equal(entry?.storedAt, 1234);
      assert.equal(entry?.loadMs, 7);
    }),
    at('answers several keys at once, in their order', async ({ store }) => {
      const [a, none, b] = [keyOf('x'), keyOf('x', 'y'), keyOf()];
      await store.set(a, entryOf('a'));
      await store.set(b, entryOf('b'));
      const found = await store.getMany([b, none, a]);
      assert.deepEqual(
        found.map((entry) => entry?.bytes.toString()),
        ['b', undefined, 'a'],
      );
      assert.deepEqual(await store.getMany([]), []);
    }),
    at('takes any text for a name and a tag', async ({ store }) => {
      for (const odd of ['a b', 'x|y,z\n', '{c}', '*?[]', 'ключ 鍵', '"\\', 'long'.repeat(200)]) {
        const key = { name: `contract:${unique()}${odd}`, tags: [odd] };
        await store.set(key, entryOf('v'));
        assert.equal(await textOf(store, key), 'v');
        await store.invalidate([odd]);
        assert.equal(await textOf(store, key), undefined);
      }
    }),
  ];
}

function ageing(at: At): ContractCase[] {
  return [
    at('forgets a value once its ttl has passed', async ({ store, pass }) => {
      const key = keyOf();
      await store.set(key, entryOf('v', 150));
      assert.equal(await textOf(store, key), 'v');
      await pass(200);
      assert.equal(await store.get(key), undefined);
    }),
    at(
      'answers a value that is not fresh any more as stale, with the lease for one caller',
      async ({ store, pass }) => {
        const key = keyOf();
        await store.set(key, entryOf('old', 100, LONG_MS));
        assert.equal((await store.lookup(key)).state, 'fresh');
        await pass(150);
        const found = await Promise.all([store.lookup(key), store.lookup(key)]);
        assert.deepEqual(
          found.map(({ state }) => state),
          ['stale', 'stale'],
        );
        const leases = found.flatMap((each) => (each.state === 'stale' && each.lease ? [each.lease] : []));
        assert.equal(leases.length, 1);
        assert.equal(await store.fill(key, leases[0] as CacheLease, entryOf('new')), true);
        assert.equal((await store.lookup(key)).state, 'fresh');
        assert.equal(await textOf(store, key), 'new');
      },
    ),
    at('forgets a stale value when its time is over, too', async ({ store, pass }) => {
      const key = keyOf();
      await store.set(key, entryOf('v', 50, 100));
      await pass(200);
      assert.equal((await store.lookup(key)).state, 'lease');
    }),
  ];
}

function leasing(at: At): ContractCase[] {
  return [
    at('gives one lease on a cold key, however many ask', async ({ store }) => {
      const key = keyOf();
      const states = await Promise.all(Array.from({ length: 20 }, async () => (await store.lookup(key)).state));
      assert.equal(states.filter((state) => state === 'lease').length, 1);
      assert.equal(states.filter((state) => state === 'loading').length, 19);
    }),
    at('answers what the holder of the lease filled', async ({ store }) => {
      const key = keyOf('tag');
      const lease = await leaseOf(store, key);
      assert.equal(await store.fill(key, lease, entryOf('v')), true);
      assert.equal((await store.lookup(key)).state, 'fresh');
      assert.equal(await textOf(store, key), 'v');
    }),
    at('gives the lease again after it was released', async ({ store }) => {
      const key = keyOf();
      await store.release(key, await leaseOf(store, key));
      await leaseOf(store, key);
    }),
    at('gives one lease of a fresh key to who asks for it', async ({ store }) => {
      const key = keyOf();
      await store.set(key, entryOf('old'));
      const lease = (await store.lease(key)) as CacheLease;
      assert.equal(await store.lease(key), undefined);
      assert.equal(await textOf(store, key), 'old');
      assert.equal(await store.fill(key, lease, entryOf('new')), true);
      assert.equal(await textOf(store, key), 'new');
    }),
    at('ignores the release and the fill of a lease that is not held', async ({ store }) => {
      const key = keyOf();
      const lease = await leaseOf(store, key);
      const foreign = { ...lease, nonce: '00000000-0000-4000-8000-000000000000' };
      await store.release(key, foreign);
      assert.equal((await store.lookup(key)).state, 'loading');
      assert.equal(await store.fill(key, foreign, entryOf('v')), false);
      assert.equal(await store.get(key), undefined);
    }),
    at('does not fill after a delete', async ({ store }) => {
      const key = keyOf();
      const lease = await leaseOf(store, key);
      await store.delete([key.name]);
      assert.equal(await store.fill(key, lease, entryOf('old')), false);
      assert.equal(await store.get(key), undefined);
    }),
    at('does not fill over a set', async ({ store }) => {
      const key = keyOf();
      const lease = await leaseOf(store, key);
      await store.set(key, entryOf('new'));
      assert.equal(await store.fill(key, lease, entryOf('old')), false);
      assert.equal(await textOf(store, key), 'new');
    }),
  ];
}

function invalidating(at: At): ContractCase[] {
  return [
    at('never answers a load that began before one of its tags was invalidated', async ({ store }) => {
      const tag = unique();
      const key = keyOf('other', tag);
      const lease = await leaseOf(store, key);
      await store.invalidate([tag]);
      await store.fill(key, lease, entryOf('old'));
      assert.equal(await store.get(key), undefined);
    }),
    at('never answers a load that began before its namespace was cleared', async ({ store }) => {
      const namespace = `n${unique()}`;
      const key = { name: `${namespace}:k`, tags: [] };
      const lease = await leaseOf(store, key);
      await store.clear(namespace);
      // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- the port’s, not an array’s
      await store.fill(key, lease, entryOf('old'));
      assert.equal(await store.get(key), undefined);
    }),
    at('gives a new lease after an invalidation though an older load is still under way', async ({ store }) => {
      const tag = unique();
      const key = keyOf(tag);
      const older = await leaseOf(store, key);
      await store.invalidate([tag]);
      const newer = await leaseOf(store, key);
      await store.fill(key, older, entryOf('old'));
      assert.equal(await store.fill(key, newer, entryOf('new')), true);
      assert.equal(await textOf(store, key), 'new');
    }),
    at('does not answer as stale what was invalidated', async ({ store, pass }) => {
      const tag = unique();
      const key = keyOf(tag);
      await store.set(key, entryOf('old', 20, LONG_MS));
      await pass(40);
      await store.invalidate([tag]);
      assert.equal((await store.lookup(key)).state, 'lease');
    }),
    at('invalidates every entry of a tag, and no other', async ({ store }) => {
      const tag = unique();
      const [a, b, other] = [keyOf(tag), keyOf('x', tag), keyOf(unique())];
      for (const key of [a, b, other]) await store.set(key, entryOf('v'));
      await store.invalidate([tag]);
      assert.deepEqual(
        [await textOf(store, a), await textOf(store, b), await textOf(store, other)],
        [undefined, undefined, 'v'],
      );
    }),
    at('clears a namespace, and no other', async ({ store }) => {
      const namespace = `n${unique()}`;
      const [inside, outside] = [{ name: `${namespace}:k`, tags: [] }, keyOf()];
      for (const key of [inside, outside]) await store.set(key, entryOf('v'));
      await store.clear(namespace);
      assert.deepEqual([await textOf(store, inside), await textOf(store, outside)], [undefined, 'v']);
    }),
    at('deletes the keys that are named and no other, and says how many there were', async ({ store }) => {
      const [a, b, c] = [keyOf(), keyOf(), keyOf()];
      for (const key of [a, b, c]) await store.set(key, entryOf('v'));
      assert.equal(await store.delete([a.name, b.name, keyOf().name]), 2);
      assert.deepEqual(
        [await textOf(store, a), await textOf(store, b), await textOf(store, c)],
        [undefined, undefined, 'v'],
      );
    }),
  ];
}
