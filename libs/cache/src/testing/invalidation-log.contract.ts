import assert from 'node:assert/strict';
import type { ContractCase } from '@app/contract';
import type { CacheStore } from '../cache-store.js';
import type { Invalidation, InvalidationLog } from '../invalidation-log.js';

interface Subject {
  readonly log: InvalidationLog;
  /** One that appends to this log. */
  readonly store: CacheStore;
}

const NO_WAIT = 0;
const LONG_MS = 5000;
let made = 0;
const unique = () => `${process.pid}-${Date.now()}-${(made += 1)}`;
const tagged = (...tags: string[]): Invalidation => ({ tags, names: [] });

/** What every `InvalidationLog` must do, as cases for any test runner. */
export function invalidationLogContract(create: () => Promise<Subject>): ContractCase[] {
  const at = (name: string, check: (subject: Subject) => Promise<void>): ContractCase => ({
    name,
    run: async () => check(await create()),
  });
  return [
    at('has nothing after its end', async ({ log }) => {
      const end = await log.end();
      assert.deepEqual(await log.read(end, NO_WAIT), { position: end, invalidations: [], gap: false });
    }),
    at('gives what was appended since, in order, once', async ({ log }) => {
      const start = await log.end();
      const all = [tagged('a'), { tags: [], names: ['n:k', 'n:|"\n'] }, tagged('b', 'ц')];
      for (const each of all) await log.append(each);
      const page = await log.read(start, NO_WAIT);
      assert.deepEqual(page.invalidations, all);
      assert.equal(page.gap, false);
      assert.deepEqual((await log.read(page.position, NO_WAIT)).invalidations, []);
    }),
    at('gives readers at different places what each has not read', async ({ log }) => {
      const early = await log.end();
      await log.append(tagged('a'));
      const late = await log.end();
      await log.append(tagged('b'));
      assert.deepEqual((await log.read(early, NO_WAIT)).invalidations, [tagged('a'), tagged('b')]);
      assert.deepEqual((await log.read(late, NO_WAIT)).invalidations, [tagged('b')]);
    }),
    at('wakes who waits for the next', async ({ log }) => {
      const end = await log.end();
      const waiting = log.read(end, LONG_MS);
      const startedAt = performance.now();
      await log.append(tagged('a'));
      assert.deepEqual((await waiting).invalidations, [tagged('a')]);
      assert.ok(performance.now() - startedAt < LONG_MS / 2);
    }),
    at('gives up waiting', async ({ log }) => {
      const end = await log.end();
      assert.deepEqual(await log.read(end, 20), { position: end, invalidations: [], gap: false });
    }),
    at('has every invalidation, clearing and deletion of its store', async ({ log, store }) => {
      const start = await log.end();
      const [tag, name, namespace] = [unique(), `n:${unique()}`, `n${unique()}`];
      await store.invalidate([tag, 'x']);
      await store.delete([name]);
      await store.clear(namespace);
      assert.deepEqual((await log.read(start, NO_WAIT)).invalidations, [
        tagged(tag, 'x'),
        { tags: [], names: [name] },
        tagged(`namespace:${namespace}`),
      ]);
    }),
    at('tells who has been away too long that something is missing', async ({ log }) => {
      const start = await log.end();
      for (let batch = 0; batch < 25; batch += 1) {
        await Promise.all(Array.from({ length: 1000 }, () => log.append(tagged('many'))));
      }
      const page = await log.read(start, NO_WAIT);
      assert.equal(page.gap, true);
      assert.equal((await log.read(page.position, NO_WAIT)).gap, false);
    }),
    at('takes a place in another log for a gap', async ({ log }) => {
      const page = await log.read('somewhere else 1-1 7', NO_WAIT);
      assert.equal(page.gap, true);
      assert.equal((await log.read(page.position, NO_WAIT)).gap, false);
    }),
  ];
}
