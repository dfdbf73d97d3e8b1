import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContractCase } from '@app/contract';
import type { Database } from '@app/database';
import type { JobQueue } from '../job-queue.js';
import { notedJob, serialJob, type NotedPayload, type NotedWork } from './noted-work.js';

interface Subject {
  readonly queue: JobQueue;
  readonly database: Database;
  readonly work: NotedWork;
}

/** Longer than the longest wait that the port allows before a job of this process begins. */
const QUIET_MS = 700;
const PATIENCE_MS = 20_000;

/** What every `JobQueue` must do, as cases for any test runner. */
export function jobQueueContract(subject: () => Subject): ContractCase[] {
  const at = (name: string, check: (subject: Subject, key: string) => Promise<void>): ContractCase => ({
    name,
    run: () => check(subject(), randomUUID()),
  });
  return [
    at('runs a job once, with its payload and id', async ({ queue, work }, key) => {
      assert.equal(typeof (await queue.enqueue(notedJob, { key })), 'string');
      await until(() => work.triesOf(key).length === 1);
      await sleep(QUIET_MS);
      assert.deepEqual(
        work.triesOf(key).map(({ attempt }) => attempt),
        [1],
      );
    }),
    at('runs a job of a transaction once it is committed, not before', async ({ queue, database, work }, key) => {
      await database.transaction(async (tx) => {
        await queue.enqueue(notedJob, { key }, { tx });
        await sleep(QUIET_MS);
        assert.equal(work.triesOf(key).length, 0);
      });
      await until(() => work.triesOf(key).length === 1);
    }),
    at('forgets a job whose transaction is rolled back', async ({ queue, database, work }, key) => {
      const failed = database.transaction(async (tx) => {
        await queue.enqueue(notedJob, { key }, { tx });
        throw new Error('changed my mind');
      });
      await assert.rejects(failed, /changed my mind/);
      await sleep(2500);
      assert.equal(work.triesOf(key).length, 0);
    }),
    at('begins jobs of this process at once, in a transaction or not', async ({ queue, database, work }, key) => {
      const begun = Date.now();
      for (let round = 0; round < 4; round += 1) {
        const plain = `${key}.${round}.plain`;
        await queue.enqueue(serialJob, { key: plain });
        await until(() => work.triesOf(plain).length === 1);
        const inside = `${key}.${round}.tx`;
        await database.transaction((tx) => queue.enqueue(serialJob, { key: inside }, { tx }));
        await until(() => work.triesOf(inside).length === 1);
      }
      // Looking every two seconds would take a second for each on average.
      assert.ok(Date.now() - begun < 4000, `${Date.now() - begun} ms for eight jobs`);
    }),
    at('begins no job before its time', async ({ queue, work }, key) => {
      const runAt = new Date(Date.now() + 2000);
      await queue.enqueue(notedJob, { key }, { runAt });
      await until(() => work.triesOf(key).length === 1);
      const [{ beganAt } = { beganAt: 0 }] = work.triesOf(key);
      assert.ok(beganAt >= runAt.getTime() - 100, `${runAt.getTime() - beganAt} ms early`);
    }),
    at('takes no second job with the key of one that waits, and takes one afterwards', async ({ queue, work }, key) => {
      const dedupeKey = key;
      const soon = { dedupeKey, runAt: new Date(Date.now() + 1500) };
      assert.notEqual(await queue.enqueue(notedJob, { key }, soon), undefined);
      assert.equal(await queue.enqueue(notedJob, { key }, { dedupeKey }), undefined);
      assert.notEqual(await queue.enqueue(notedJob, { key: `${key}.other` }, { dedupeKey: `${key}.other` }), undefined);
      await until(() => work.triesOf(key).length === 1);
      assert.notEqual(await queue.enqueue(notedJob, { key }, { dedupeKey }), undefined);
      await until(() => work.triesOf(key).length === 2);
    }),
    at('tries again after a failure, later each time, until a try succeeds', async ({ queue, work }, key) => {
      await queue.enqueue(notedJob, { key, failures: 2 });
      await until(() => work.triesOf(key).length === 3);
      const tries = work.triesOf(key);
      assert.deepEqual(
        tries.map(({ attempt }) => attempt),
        [1, 2, 3],
      );
      const [first = 0, second = 0] = tries.map(({ beganAt }) => beganAt);
      assert.ok(second - first >= 450, `tried again after ${second - first} ms`);
      await sleep(QUIET_MS);
      assert.equal(work.triesOf(key).length, 3);
    }),
    at('gives up after the last try', async ({ queue, work }, key) => {
      await queue.enqueue(notedJob, { key, failures: 99 });
      await until(() => work.triesOf(key).length === 3);
      await sleep(3000);
      assert.equal(work.triesOf(key).length, 3);
    }),
    at('runs as many at once as the kind allows, and no more', async ({ queue, work }, key) => {
      const keys = Array.from({ length: 6 }, (_, index) => `${key}.${index}`);
      await Promise.all(keys.map((each) => queue.enqueue(notedJob, { key: each, holdMs: 150 })));
      await until(() => keys.every((each) => work.triesOf(each).length === 1));
      const most = Math.max(...keys.flatMap((each) => work.triesOf(each).map(({ atOnce }) => atOnce)));
      assert.equal(most, 2);
    }),
    at('takes the job with the highest priority next', async ({ queue, work }, key) => {
      await queue.enqueue(serialJob, { key: `${key}.first`, holdMs: 1000 });
      await until(() => work.triesOf(`${key}.first`).length === 1);
      await queue.enqueue(serialJob, { key: `${key}.low` }, { priority: 1 });
      await queue.enqueue(serialJob, { key: `${key}.high` }, { priority: 9 });
      await until(() => work.triesOf(`${key}.low`).length === 1);
      const order = work.tries.map((each) => each.key).filter((each) => each.startsWith(key));
      assert.deepEqual(order, [`${key}.first`, `${key}.high`, `${key}.low`]);
    }),
    at("refuses a payload that is not the kind's", async ({ queue }) => {
      await assert.rejects(queue.enqueue(notedJob, { key: 7 } as unknown as NotedPayload));
    }),
  ];
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'it did not come to pass');
    await sleep(10);
  }
}
