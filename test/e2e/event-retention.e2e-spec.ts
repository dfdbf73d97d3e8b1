import { Database } from '@app/database';
import { connect, type PostgresDatabase } from '@app/database/postgres';
import { newId } from '@app/http';
import { JobHandlers } from '@app/jobs';
import { EndedSessionRemoval, EventPartitioning, EventRetention, SessionDayCounter } from '@app/session-analytics';
import { AuthEventLog, AuthEventPartitions, EndedSessions, monthsFrom, type EventMonth } from '@app/sessions';
import { Logger } from '@nestjs/common';
import { v7 } from 'uuid';
import { migrations } from '../../apps/api/src/migrations.js';
import { CountedDays, DayCounts, SuspiciousActivity } from '../../libs/session-analytics/src/postgres/index.js';
import { embeddedDatabase } from '../support/embedded-database.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.js';
import { HeldTable } from '../support/held-table.js';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-20T12:00:00Z');
const thisMonth = monthsFrom(NOW, 1)[0] as EventMonth;
const MONTHS = ['2026_11', '2026_12', '2027_01', '2027_02'];

/** The jobs on a database, without an application around them. */
function jobsOn(database: Database, retentionDays = 400) {
  const handlers = new JobHandlers();
  const partitions = new AuthEventPartitions(database);
  const days = new CountedDays(database);
  const suspicious = new SuspiciousActivity(database);
  return {
    partitions,
    partitioning: new EventPartitioning(partitions, database, handlers),
    counter: new SessionDayCounter(days, new DayCounts(database), database, handlers),
    retention: new EventRetention(partitions, days, suspicious, database, handlers, {
      eventRetentionMs: retentionDays * DAY_MS,
    }),
    sessions: new EndedSessionRemoval(new EndedSessions(database), database, handlers),
    log: new AuthEventLog(database),
  };
}

async function open(address: { url: string } | { socketDir: string }): Promise<PostgresDatabase> {
  const limits = { poolMin: 0, poolMax: 8, acquireTimeoutMs: 5000, statementTimeoutMs: 20_000 };
  const database = await connect({ address, ...limits, migrations, migrateOnStart: true }, () => {});
  await database.migrate();
  return database;
}

/** Where events are, with how many. */
async function tables(database: Database): Promise<Record<string, number>> {
  const rows = await database.query<{ name: string; events: number }>(
    'SELECT tableoid::regclass::text AS name, count(*)::int AS events FROM auth_events GROUP BY 1 ORDER BY 1',
  );
  return Object.fromEntries(rows.map(({ name, events }) => [name.replace('auth_events_', ''), events]));
}

const partitionsOf = async (partitions: AuthEventPartitions) =>
  (await partitions.list()).map(({ table }) => table.replace('auth_events_', ''));
const loginAt = (time: string) => ({ kind: 'login', at: new Date(time), userId: newId() }) as const;

const indexesOf = async (database: Database, table: string) => {
  const indexes = await database.query<{ text: string }>(
    `SELECT regexp_replace(indexdef, '^.*USING ', '') AS text FROM pg_indexes WHERE tablename = $1 ORDER BY 1`,
    [table],
  );
  return indexes.map(({ text }) => text);
};
const rowsIn = (database: Database, table: string) => database.query(`SELECT 1 FROM ${table}`);
const sessionsIn = async (database: Database) =>
  (await database.query<{ id: string }>('SELECT id::text FROM sessions ORDER BY id')).map(({ id }) => id);
/** What was counted, without the days that have nothing. */
const numbersIn = (database: Database) =>
  database.query(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day, sessions_opened AS opened FROM session_days
     WHERE sessions_opened > 0 ORDER BY day`,
  );

describe('keeping the tables of sessions small', () => {
  beforeAll(() => Logger.overrideLogger(false));
  let fresh: FreshDatabase;
  let database: PostgresDatabase;
  let jobs: ReturnType<typeof jobsOn>;
  beforeEach(async () => {
    fresh = await freshDatabase();
    database = await open({ url: fresh.url });
    jobs = jobsOn(database);
  });
  afterEach(async () => {
    await database.close();
    await fresh.drop();
  });

  describe('partitions', () => {
    it('are made for this month and three more; making them again changes nothing', async () => {
      expect(await partitionsOf(jobs.partitions)).toEqual([]);
      for (let time = 0; time < 2; time += 1) await jobs.partitioning.run(NOW);
      expect(await partitionsOf(jobs.partitions)).toEqual(MONTHS);
      await jobs.partitioning.run(new Date('2026-12-01T00:00:00Z'));
      expect(await partitionsOf(jobs.partitions)).toEqual([...MONTHS, '2027_03']);
    });

    it('follow each other without a gap, and take events by the month in UTC', async () => {
      await jobs.partitioning.run(NOW);
      const list = await jobs.partitions.list();
      for (const [index, { until }] of list.slice(0, -1).entries()) expect(until).toEqual(list[index + 1]?.from);
      await jobs.log.record(
        [
          '2026-10-31T23:59:59.999Z',
          '2026-11-01T00:00:00.000Z',
          '2026-11-30T23:59:59.999Z',
          '2026-12-01T00:00:00Z',
          '2027-02-28T23:59:59.999Z',
          '2027-03-01T00:00:00Z',
        ].map(loginAt),
      );
      expect(await tables(database)).toEqual({ default: 2, '2026_11': 2, '2026_12': 1, '2027_02': 1 });
    });

    it('take over what the default partition has of their month, unchanged', async () => {
      await jobs.log.record([
        { ...loginAt('2026-11-10T08:00:00Z'), ip: '203.0.113.7', deviceName: 'Firefox on Linux', detail: { a: [1] } },
        loginAt('2026-10-10T08:00:00Z'),
        loginAt('2027-01-01T00:00:00Z'),
        loginAt('2030-01-01T00:00:00Z'),
      ]);
      const all = () => database.query('SELECT * FROM auth_events ORDER BY at, id');
      const before = await all();
      await jobs.partitioning.run(NOW);
      expect(await all()).toEqual(before);
      expect(await tables(database)).toEqual({ default: 2, '2026_11': 1, '2027_01': 1 });
    });

    it('have the key and the indexes of the others', async () => {
      await jobs.partitioning.run(NOW);
      expect(await indexesOf(database, 'auth_events_2026_11')).toEqual(
        await indexesOf(database, 'auth_events_default'),
      );
      expect(await indexesOf(database, 'auth_events_2026_11')).toHaveLength(3);
    });

    it('are not made of more events than can be moved at once: those stay where they are', async () => {
      await database.query(
        `INSERT INTO auth_events (id, kind, at)
         SELECT gen_random_uuid(), 'refresh', timestamptz '2026-11-01T00:00:00Z' + n * interval '1 s'
         FROM generate_series(0, 50000) n`,
      );
      await jobs.partitioning.run(NOW);
      expect(await partitionsOf(jobs.partitions)).toEqual(MONTHS.slice(1));
      expect(await tables(database)).toEqual({ default: 50_001 });
      await database.query(`DELETE FROM auth_events WHERE at = '2026-11-01T00:00:00Z'`);
      await jobs.partitioning.run(NOW);
      expect(await tables(database)).toEqual({ '2026_11': 50_000 });
    });

    it('are not made, and nothing is moved, when the making is cut off', async () => {
      await jobs.log.record([loginAt('2026-11-10T08:00:00Z')]);
      const held = await HeldTable.hold(fresh.url, 'auth_events_default');
      // A lock that it does not get in two seconds.
      await expect(jobs.partitions.create(thisMonth)).rejects.toMatchObject({ code: '55P03' });
      await held.release();
      expect(await tables(database)).toEqual({ default: 1 });
      expect(await partitionsOf(jobs.partitions)).toEqual([]);
      await jobs.partitioning.run(NOW);
      expect(await tables(database)).toEqual({ '2026_11': 1 });
    });

    it('lose and refuse no event that is written while they are made, by two instances at once', async () => {
      let written = 0;
      const stop = new AbortController();
      const write = async () => {
        while (!stop.signal.aborted) {
          await jobs.log.record([loginAt('2026-11-20T12:00:00Z'), loginAt('2026-12-02T12:00:00Z')]);
          written += 2;
        }
      };
      const writers = [write(), write(), write()];
      await eventually(() => expect(written).toBeGreaterThan(100));
      await Promise.all([jobs.partitioning.run(NOW), jobsOn(database).partitioning.run(NOW)]);
      const then = written;
      await eventually(() => expect(written).toBeGreaterThan(then + 100));
      stop.abort();
      await Promise.all(writers);
      const counts = await tables(database);
      expect(Object.keys(counts)).toEqual(['2026_11', '2026_12']);
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(written);
    });
  });

  it('a partition that is made without making writers wait refuses what they write', async () => {
    const held = await HeldTable.hold(fresh.url, 'auth_events_default');
    const writing = jobs.log.record([loginAt('2026-11-20T12:00:00Z')]).catch((error: unknown) => error);
    await eventually(async () => expect(await held.waiting()).toBe(1));
    await held.run('CREATE TABLE hasty (LIKE auth_events)');
    await held.run(`ALTER TABLE auth_events ATTACH PARTITION hasty FOR VALUES FROM ('2026-11-01') TO ('2026-12-01')`);
    await held.commit();
    expect(await writing).toMatchObject({ code: '23514' });
  });

  describe('old events', () => {
    const OLD = ['2025-09-15T00:00:00Z', '2025-10-15T00:00:00Z', '2025-10-16T12:00:00Z', '2025-10-17T00:00:00Z'];

    it('go from the default partition once they are older than the retention, and their numbers stay', async () => {
      await jobs.log.record(OLD.map(loginAt));
      await jobs.counter.run(NOW);
      const numbers = await numbersIn(database);
      expect(numbers).toHaveLength(4);
      await jobs.retention.run(NOW);
      const left = await database.query<{ at: Date }>('SELECT at FROM auth_events ORDER BY at');
      expect(left.map(({ at }) => at)).toEqual([new Date('2025-10-16T12:00:00Z'), new Date('2025-10-17T00:00:00Z')]);
      expect(await numbersIn(database)).toEqual(numbers);
      await jobs.counter.run(NOW);
      expect(await numbersIn(database)).toEqual(numbers);
    });

    it('go in batches', async () => {
      await database.query(
        `INSERT INTO auth_events (id, kind, at)
         SELECT gen_random_uuid(), 'refresh', timestamptz '2025-06-01T00:00:00Z' FROM generate_series(1, 12001)`,
      );
      await jobs.counter.run(NOW);
      await jobs.retention.run(NOW);
      expect(await tables(database)).toEqual({});
    });

    it('go with their partition when all of the month is old', async () => {
      for (const month of monthsFrom(new Date(OLD[0] as string), 3)) await jobs.partitions.create(month);
      await jobs.log.record(OLD.map(loginAt));
      await jobs.counter.run(NOW);
      const numbers = await numbersIn(database);
      await jobs.retention.run(NOW);
      expect(await partitionsOf(jobs.partitions)).toEqual(['2025_10', '2025_11']);
      expect(await tables(database)).toEqual({ '2025_10': 3 });
      await jobs.retention.run(new Date('2026-12-06T00:00:00Z'));
      expect(await partitionsOf(jobs.partitions)).toEqual(['2025_11']);
      expect(await numbersIn(database)).toEqual(numbers);
    });

    it('stay, in partitions or not, until their day was counted for good', async () => {
      for (const month of monthsFrom(new Date(OLD[0] as string), 1)) await jobs.partitions.create(month);
      await jobs.log.record(OLD.map(loginAt));
      await jobs.retention.run(NOW);
      expect(await tables(database)).toEqual({ '2025_09': 1, default: 3 });
      await jobs.counter.run(new Date('2025-10-16T00:00:00Z'));
      await jobs.retention.run(NOW);
      // The 15th was counted before its two days were over.
      expect(await tables(database)).toEqual({ default: 3 });
      await jobs.counter.run(NOW);
      await jobs.retention.run(NOW);
      expect(await tables(database)).toEqual({ default: 2 });
    });

    it('that were suspicious are forgotten with them', async () => {
      const reused = { kind: 'refresh.reused', sessionId: newId(), userId: newId() } as const;
      await jobs.log.record(OLD.map((time) => ({ ...reused, at: new Date(time) })));
      await jobs.counter.run(NOW);
      expect(await rowsIn(database, 'suspicious_activity')).toHaveLength(4);
      await jobs.retention.run(NOW);
      expect(await rowsIn(database, 'suspicious_activity')).toHaveLength(2);
    });

    it('stop going when the job is aborted, and go on the next time', async () => {
      await jobs.log.record(OLD.map(loginAt));
      await jobs.counter.run(NOW);
      const before = await tables(database);
      await expect(jobs.retention.run(NOW, AbortSignal.abort())).rejects.toThrow();
      expect(await tables(database)).toEqual(before);
      await jobs.retention.run(NOW);
      expect(await tables(database)).toEqual({ default: 2 });
    });
  });

  describe('sessions', () => {
    const ago = (days: number) => new Date(NOW.getTime() - days * DAY_MS);
    const ahead = new Date(NOW.getTime() + DAY_MS);
    let userId: string;
    beforeEach(async () => {
      userId = newId();
      await database.query(
        `INSERT INTO users (id, email, display_name, password_hash, roles) VALUES ($1, 'a@example.org', 'A', 'x', '{learner}')`,
        [userId],
      );
    });
    const session = async (
      opened: number,
      { idle = ahead, absolute = ahead, revoked }: Partial<Record<'idle' | 'absolute' | 'revoked', Date>> = {},
    ) => {
      const id = v7({ msecs: ago(opened).getTime() });
      await database.query(
        `INSERT INTO sessions (id, user_id, salt, epoch, idle_until, absolute_until, idle_ttl_ms, grace_ms, device_name,
           user_agent, first_ip, last_ip, created_at, revoked_at, revoke_reason)
         VALUES ($1, $2, '', 0, $3, $4, 1, 1, 'x', 'x', 'x', 'x', $5, $6, $7)`,
        [id, userId, idle, absolute, ago(opened), revoked ?? null, revoked === undefined ? null : 'logout'],
      );
      return id;
    };

    it('go thirty days after they were ended or expired, whichever came first, and no other does', async () => {
      const kept = [
        await session(90),
        await session(90, { revoked: ago(29) }),
        await session(90, { idle: ago(29) }),
        await session(89, { absolute: ago(29) }),
        await session(29, { revoked: ago(29) }),
        await session(1),
      ];
      const gone = [
        await session(90, { revoked: ago(31) }),
        await session(90, { idle: ago(31) }),
        await session(91, { absolute: ago(31) }),
        await session(60, { revoked: ago(10), idle: ago(31) }),
        await session(31, { revoked: ago(30.01) }),
      ];
      expect(await jobs.sessions.run(NOW)).toBe(gone.length);
      expect(await sessionsIn(database)).toEqual(kept.toSorted());
      expect(await jobs.sessions.run(NOW)).toBe(0);
    });

    it('go in batches, past those that stay', async () => {
      const kept = [];
      for (let index = 0; index < 25; index += 1) {
        if (index % 3 === 0) kept.push(await session(90 - index));
        else await session(90 - index, { revoked: ago(40) });
      }
      expect(await jobs.sessions.run(NOW, { batch: 4 })).toBe(16);
      expect(await sessionsIn(database)).toEqual(kept.toSorted());
    });

    it('that are locked are left for the next time', async () => {
      const id = await session(90, { revoked: ago(40) });
      await session(90, { revoked: ago(40) });
      await database.transaction(async (tx) => {
        await tx.query('SELECT 1 FROM sessions WHERE id = $1 FOR UPDATE', [id]);
        expect(await jobs.sessions.run(NOW)).toBe(1);
      });
      expect(await sessionsIn(database)).toEqual([id]);
      expect(await jobs.sessions.run(NOW)).toBe(1);
    });

    it('stop going when the job is aborted', async () => {
      await session(90, { revoked: ago(40) });
      await expect(jobs.sessions.run(NOW, { signal: AbortSignal.abort() })).rejects.toThrow();
      expect(await sessionsIn(database)).toHaveLength(1);
    });
  });

  it('works the same on the embedded database', async () => {
    const embedded = await embeddedDatabase();
    const own = await open({ socketDir: embedded.socketDir });
    const there = jobsOn(own, 20);
    await there.log.record([loginAt('2026-11-10T08:00:00Z'), loginAt('2026-10-15T00:00:00Z')]);
    await there.partitioning.run(NOW);
    expect(await tables(own)).toEqual({ '2026_11': 1, default: 1 });
    expect(await there.counter.run(NOW)).toHaveLength(37);
    await there.retention.run(NOW);
    expect(await tables(own)).toEqual({ '2026_11': 1 });
    await there.retention.run(new Date('2028-03-01T00:00:00Z'));
    expect(await partitionsOf(there.partitions)).toEqual(MONTHS);
    expect(await there.sessions.run(NOW)).toBe(0);
    await own.close();
    await embedded.stop();
  });
});
