import { UnavailableError } from '@app/errors';
import { connect, type PostgresDatabase } from '@app/database/postgres';
import { eventually } from '../support/eventually.js';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.js';
import { runSql } from '../support/run-sql.js';

describe('a connection that breaks in a transaction', () => {
  let fresh: FreshDatabase;
  let database: PostgresDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase();
    const limits = { poolMin: 0, poolMax: 1, acquireTimeoutMs: 5000, statementTimeoutMs: 20_000 };
    database = await connect(
      { address: { url: fresh.url }, ...limits, migrations: [], migrateOnStart: false },
      () => {},
    );
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  /** Breaks it as a failover or a restart of Postgres does. */
  const breakOff = (state: string) =>
    eventually(async () => {
      const broken = await runSql(
        fresh.url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'mockingbird' AND state = $1`,
        [state],
      );
      expect(broken).toHaveLength(1);
    });

  it('while a statement runs fails the transaction, not the process, and is replaced', async () => {
    const work = database.transaction((tx) => tx.query('SELECT pg_sleep(30)'));
    await Promise.all([expect(work).rejects.toBeInstanceOf(UnavailableError), breakOff('active')]);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('between two statements fails the next, and is replaced', async () => {
    const work = database.transaction(async (tx) => {
      await tx.query('SELECT 1');
      await breakOff('idle in transaction');
      for (;;) await tx.query('SELECT 2');
    });
    await expect(work).rejects.toBeInstanceOf(UnavailableError);
    expect(await database.transaction((tx) => tx.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });
});
