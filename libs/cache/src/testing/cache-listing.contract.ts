import assert from 'node:assert/strict';
import type { ContractCase } from '@app/contract';
import type { EntryFacts } from '../cache-entry.js';
import type { CacheStore, EntryFilter } from '../cache-store.js';
import { entryOf, keyOf, unique, type At } from './contract-entries.js';

/** A walk may show an entry more than once. */
async function entriesOf(store: CacheStore, filter: EntryFilter): Promise<EntryFacts[]> {
  const entries = new Map<string, EntryFacts>();
  let cursor: string | undefined;
  do {
    const page = await store.scan(filter, cursor, 10);
    for (const entry of page.entries) entries.set(entry.name, entry);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return [...entries.values()];
}

async function namesOf(store: CacheStore, filter: EntryFilter): Promise<string[]> {
  return (await entriesOf(store, filter)).map(({ name }) => name).toSorted();
}

/** What a store shows of its entries to operators. */
export function showing(at: At): ContractCase[] {
  return [
    at('shows the entries of a namespace and of a tag, page by page', async ({ store }) => {
      const namespace = `n${unique()}`;
      const tag = unique();
      const names = Array.from({ length: 35 }, (_, index) => `${namespace}:${String(index).padStart(2, '0')}`);
      for (const [index, name] of names.entries()) {
        await store.set({ name, tags: index % 2 === 0 ? [tag, 'x y'] : [] }, entryOf('v'));
      }
      await store.set(keyOf(tag), entryOf('v'));
      assert.deepEqual(await namesOf(store, { namespace }), names);
      assert.equal((await namesOf(store, { tag })).length, 19);
    }),
    at('shows what an entry is', async ({ store }) => {
      const namespace = `n${unique()}`;
      const key = { name: `${namespace}:k`, tags: ['a', 'b c'] };
      await store.set(key, { ...entryOf('value', 5000), storedAt: 4321 });
      const [found] = await entriesOf(store, { namespace });
      assert.ok(found);
      const { freshUntil, ...facts } = found;
      const expected = { name: key.name, tags: key.tags, kind: 'value', sizeBytes: 5, storedAt: 4321 };
      assert.deepEqual(facts, expected);
      assert.equal(freshUntil, (await store.get(key))?.freshUntil);
    }),
    at('does not show what was invalidated or deleted', async ({ store }) => {
      const namespace = `n${unique()}`;
      const [kept, gone] = [`${namespace}:kept`, `${namespace}:gone`];
      const tag = unique();
      await store.set({ name: kept, tags: [] }, entryOf('v'));
      await store.set({ name: gone, tags: [tag] }, entryOf('v'));
      await store.set({ name: `${namespace}:deleted`, tags: [] }, entryOf('v'));
      await store.invalidate([tag]);
      await store.delete([`${namespace}:deleted`]);
      assert.deepEqual(await namesOf(store, { namespace }), [kept]);
    }),
  ];
}
