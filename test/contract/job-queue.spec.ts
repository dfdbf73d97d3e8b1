import type { Transaction } from '@app/database';
import { JobQueue, type EnqueueOptions, type JobKind } from '@app/jobs';
import { jobQueueContract } from '@app/jobs/testing';
import { embeddedDatabase } from '../support/embedded-database.js';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.js';
import { startJobsApp, type JobsApp } from '../support/jobs-app.js';
import { failuresOf } from './contract-runs.js';

const LIMIT_MS = 60_000;

/** The same transaction, but nobody hears of its commit. */
const deaf = (tx: Transaction): Transaction => ({ query: (...args) => tx.query(...args), afterCommit: () => {} });

describe('jobs on Postgres', () => {
  let database: FreshDatabase;
  let app: JobsApp;
  beforeAll(async () => {
    database = await freshDatabase();
    app = await startJobsApp({ address: { url: database.url } });
  }, LIMIT_MS);
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  for (const { name, run } of jobQueueContract(() => app)) it(name, run);

  describe('the contract catches', () => {
    type Change = (options: EnqueueOptions) => EnqueueOptions;
    /** The cases that fail for a queue that changes what it is asked. */
    const caught = (change: Change, only: RegExp) => {
      class Broken extends JobQueue {
        enqueue<Payload extends object>(kind: JobKind<Payload>, payload: Payload, options: EnqueueOptions = {}) {
          return app.queue.enqueue(kind, payload, change(options));
        }
      }
      const { work, database: ledger } = app;
      const cases = jobQueueContract(() => ({ queue: new Broken(), work, database: ledger }));
      return failuresOf(cases.filter(({ name }) => only.test(name)));
    };

    it('one that is deaf to the transaction', async () => {
      expect(await caught(({ tx: _tx, ...options }) => options, /transaction/)).toEqual([
        'runs a job of a transaction once it is committed, not before',
        'forgets a job whose transaction is rolled back',
      ]);
    });

    it('one that wakes nobody after a commit', async () => {
      expect(
        await caught(({ tx, ...rest }) => (tx === undefined ? rest : { ...rest, tx: deaf(tx) }), /at once, in a/),
      ).toEqual(['begins jobs of this process at once, in a transaction or not']);
    });

    it('one that does not wait for the time', async () => {
      expect(await caught(({ runAt: _runAt, ...options }) => options, /before its time/)).toEqual([
        'begins no job before its time',
      ]);
    });

    it('one that takes every job', async () => {
      expect(await caught(({ dedupeKey: _key, ...options }) => options, /with the key/)).toEqual([
        'takes no second job with the key of one that waits, and takes one afterwards',
      ]);
    });

    it('one that knows no priority', async () => {
      expect(await caught(({ priority: _priority, ...options }) => options, /priority/)).toEqual([
        'takes the job with the highest priority next',
      ]);
    });
  });
});

describe('jobs on the embedded database', () => {
  let database: Awaited<ReturnType<typeof embeddedDatabase>>;
  let app: JobsApp;
  beforeAll(async () => {
    database = await embeddedDatabase();
    app = await startJobsApp({ address: { socketDir: database.socketDir } });
  }, LIMIT_MS);
  afterAll(async () => {
    await app.stop();
    await database.stop();
  });

  for (const { name, run } of jobQueueContract(() => app)) it(name, run);
});
