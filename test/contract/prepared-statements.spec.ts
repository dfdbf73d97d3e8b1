import { connect, type PostgresDatabase } from '@app/database/postgres';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.js';

describe('statements with parameters', () => {
  let fresh: FreshDatabase;
  let database: PostgresDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase();
    // One connection, so that what it has prepared can be seen.
    const limits = { poolMin: 0, poolMax: 1, acquireTimeoutMs: 5000, statementTimeoutMs: 20_000 };
    database = await connect(
      { address: { url: fresh.url }, ...limits, migrations: [], migrateOnStart: false },
      () => undefined,
    );
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  it('are prepared once for a connection, inside transactions and outside; those without stay as they are', async () => {
    for (let n = 0; n < 3; n += 1) expect(await database.query('SELECT $1::int AS n', [n])).toEqual([{ n }]);
    await database.transaction((tx) => tx.query('SELECT $1::int AS n', [4]));
    await database.query('SELECT 1 AS one');
    const prepared = await database.query<{ statement: string }>('SELECT statement FROM pg_prepared_statements');
    expect(prepared).toEqual([{ statement: 'SELECT $1::int AS n' }]);
  });
});
