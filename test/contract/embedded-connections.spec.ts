import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type PostgresDatabase } from '@app/database/postgres';
import { Pool, type PoolClient, type QueryConfig } from 'pg';
import { embeddedDatabase } from '../support/embedded-database.js';

const AT_ONCE = 200;
const ANSWERED_WITHIN_MS = 3000;

type Ask = (sql: string, parameters: unknown[]) => Promise<readonly object[]>;

/** Asks many different questions while transactions run, and counts those that did not get their own answer. */
async function mixedUp(ask: Ask, transaction: (work: (ask: Ask) => Promise<void>) => Promise<void>): Promise<number> {
  const writing = Promise.all(
    Array.from({ length: 5 }, () =>
      transaction(async (within) => {
        for (let n = 0; n < 10; n += 1) await within('SELECT $1::int AS n', [n]);
      }),
    ),
  );
  const own = async (sql: string, parameter: unknown, expected: string) => {
    const answer = ask(sql, [parameter]).then(
      ([row]) => JSON.stringify(row),
      (error: Error) => error.message,
    );
    return (await Promise.race([answer, sleep(ANSWERED_WITHIN_MS, 'none', { ref: false })])).includes(expected);
  };
  const answered = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, n) => {
      if (n % 3 === 0) return own('SELECT 1 / $1::int', 0, 'division by zero');
      if (n % 3 === 1) return own('SELECT $1::int AS n', n, `{"n":${n}}`);
      return own('SELECT $1::text AS t', `t${n}`, `{"t":"t${n}"}`);
    }),
  );
  await Promise.race([writing.catch(() => undefined), sleep(ANSWERED_WITHIN_MS, undefined, { ref: false })]);
  return answered.filter((right) => !right).length;
}

const asking =
  (target: Pool | PoolClient): Ask =>
  async (text, values) => {
    const config = { text, values, query_timeout: ANSWERED_WITHIN_MS } as QueryConfig;
    return (await target.query<object>(config)).rows;
  };

describe('many statements at once in the embedded database', () => {
  let embedded: Awaited<ReturnType<typeof embeddedDatabase>>;
  let database: PostgresDatabase;
  beforeAll(async () => {
    embedded = await embeddedDatabase();
    const limits = { poolMin: 5, poolMax: 25, acquireTimeoutMs: 2000, statementTimeoutMs: 20_000 };
    database = await connect(
      { address: { socketDir: embedded.socketDir }, ...limits, migrations: [], migrateOnStart: false },
      () => undefined,
    );
  });
  afterAll(async () => {
    await database.close();
    await embedded.stop();
  });

  it('get their own answers, whatever the size of the pool is said to be', async () => {
    const wrong = await mixedUp(
      (sql, parameters) => database.query(sql, parameters),
      (work) => database.transaction((tx) => work((sql, parameters) => tx.query(sql, parameters))),
    );
    expect(wrong).toBe(0);
    expect(database.poolState().total).toBe(1);
  });

  it('wait for a transaction, and see what it wrote', async () => {
    await database.query('CREATE TABLE numbers (n int)');
    const written = database.transaction(async (tx) => {
      for (let n = 0; n < 20; n += 1) await tx.query('INSERT INTO numbers VALUES ($1)', [n]);
    });
    const counts = await Promise.all(
      Array.from({ length: 20 }, () => database.query<{ count: number }>('SELECT count(*)::int AS count FROM numbers')),
    );
    await written;
    expect(new Set(counts.map(([row]) => row?.count))).toEqual(new Set([20]));
  });

  it('are mixed up where several connections ask', async () => {
    const pool = new Pool({ host: embedded.socketDir, port: 5432, user: 'postgres', database: 'postgres', max: 5 });
    pool.on('error', () => undefined);
    try {
      const wrong = await mixedUp(asking(pool), async (work) => {
        const client = await pool.connect();
        client.on('error', () => undefined);
        await client.query('BEGIN');
        await work(asking(client));
        await client.query('COMMIT');
        client.release();
      });
      expect(wrong).toBeGreaterThan(0);
    } finally {
      // Some of its connections may wait for ever.
      void pool.end();
    }
  });
});
