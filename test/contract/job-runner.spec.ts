import { randomUUID } from 'node:crypto';
import { defineJob, JobHandlers } from '@app/jobs';
import { migrateJobs } from '@app/jobs/postgres';
import { notedJob } from '@app/jobs/testing';
import { HealthRegistry, Metrics } from '@app/observability';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { eventually } from '../support/eventually.js';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.js';
import { startJobsApp, type JobsApp } from '../support/jobs-app.js';
import { runSql } from '../support/run-sql.js';

const tick = defineJob({ name: 'tick', payload: z.object({ of: z.string() }) });

/** Counts the minutes. */
@Injectable()
class Ticking implements OnModuleInit {
  readonly ticks: string[] = [];

  constructor(private readonly handlers: JobHandlers) {}

  onModuleInit(): void {
    this.handlers.handle(tick, async ({ of }) => void this.ticks.push(of), {
      cron: '* * * * *',
      payload: { of: 'it' },
    });
  }
}

describe('the runner of jobs', () => {
  let database: FreshDatabase;
  const apps: JobsApp[] = [];
  const start = async (options: Omit<Parameters<typeof startJobsApp>[0], 'address'> = {}) => {
    const app = await startJobsApp({ address: { url: database.url }, ...options });
    apps.push(app);
    return app;
  };
  const stop = async (app: JobsApp) => {
    apps.splice(apps.indexOf(app), 1);
    await app.stop();
  };

  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    await database.drop();
  });

  it('lets a job in hand end when the process stops', async () => {
    const app = await start();
    const key = randomUUID();
    await app.queue.enqueue(notedJob, { key, holdMs: 1000 });
    await eventually(() => expect(app.work.triesOf(key)).toHaveLength(1));
    await stop(app);
    const [job] = await runSql<{ state: string }>(database.url, `SELECT state FROM jobs.job WHERE name = 'noted'`);
    expect(job?.state).toBe('completed');
  });

  it('hands back a job that does not end in time: another process does it', async () => {
    const first = await start({ drainTimeoutMs: 1000 });
    const key = randomUUID();
    await first.queue.enqueue(notedJob, { key, holdMs: 30_000 });
    await eventually(() => expect(first.work.triesOf(key)).toHaveLength(1));
    const began = Date.now();
    await stop(first);
    expect(Date.now() - began).toBeLessThan(10_000);
    // Soon enough, though it will take long there too.
    const second = await start({ drainTimeoutMs: 1000 });
    await eventually(() => expect(second.work.triesOf(key)).toMatchObject([{ attempt: 2 }]));
  });

  it('alone, begins with what a process that died had in hand, and counts that try', async () => {
    const app = await start({ alone: true });
    const key = randomUUID();
    const id = await app.queue.enqueue(notedJob, { key });
    await eventually(() => expect(app.work.triesOf(key)).toHaveLength(1));
    await stop(app);
    await runSql(database.url, `UPDATE jobs.job SET state = 'active', heartbeat_on = now() WHERE id = $1`, [id]);
    const next = await start({ alone: true });
    await eventually(() => expect(next.work.triesOf(key)).toMatchObject([{ attempt: 2 }]), 10_000);
  });

  it('keeps a job whose last try failed as a dead letter, with what it was and why it failed', async () => {
    const app = await start();
    const key = randomUUID();
    const id = await app.queue.enqueue(notedJob, { key, failures: 9 });
    const letters = () =>
      runSql<{ source: string; data: object; output: { message: string } }>(
        database.url,
        `SELECT source_name AS source, data, source_output AS output FROM jobs.job
         WHERE name = 'dead-letters' AND source_id = $1`,
        [id],
      );
    await eventually(async () => expect(await letters()).toHaveLength(1), 20_000);
    expect(await letters()).toMatchObject([{ source: 'noted', data: { key }, output: { message: 'as told' } }]);
    const metrics = await app.context.get(Metrics).render();
    expect(metrics).toContain('jobs_total{kind="noted",outcome="failed"} 2');
    expect(metrics).toContain('jobs_total{kind="noted",outcome="dead"} 1');
    expect(metrics).toMatch(/jobs_waiting\{kind="dead-letters",state="ready"\} \d/);
  });

  it('shares jobs among processes, each done once', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    const keys = Array.from({ length: 40 }, () => randomUUID());
    for (const key of keys) await first.queue.enqueue(notedJob, { key, holdMs: 120 });
    const tries = () => [first, second].map((app) => app.work.tries);
    await eventually(() => expect(tries().flat()).toHaveLength(keys.length), 20_000);
    expect(new Set(tries().flatMap((each) => each.map(({ key }) => key))).size).toBe(keys.length);
    expect(tries().every((each) => each.length > 0)).toBe(true);
  });

  it('runs without its tables, is not ready, and begins once they are there', async () => {
    const app = await start({ migrateOnStart: false });
    const health = app.context.get(HealthRegistry);
    expect((await health.report()).checks['jobs']).toMatchObject({ status: 'down' });
    await expect(app.queue.enqueue(notedJob, { key: 'early' })).rejects.toMatchObject({ kind: 'unavailable' });
    await migrateJobs(app.database);
    await eventually(async () => expect((await health.report()).status).toBe('ok'), 15_000);
    await app.queue.enqueue(notedJob, { key: 'later' });
    await eventually(() => expect(app.work.triesOf('later')).toHaveLength(1));
  });

  it('makes its tables once when processes start at once', async () => {
    const several = await Promise.all(Array.from({ length: 4 }, () => start()));
    for (const { context } of several) {
      expect((await context.get(HealthRegistry).report()).checks['jobs']).toMatchObject({ status: 'up' });
    }
  });

  it('runs what is scheduled once for all processes, each time it is due', async () => {
    const several = await Promise.all([start({ providers: [Ticking] }), start({ providers: [Ticking] })]);
    const ticks = () => several.flatMap(({ context }) => context.get(Ticking).ticks);
    await eventually(() => expect(ticks()).not.toEqual([]), 110_000);
    const [due] = await runSql<{ jobs: number; minutes: number }>(
      database.url,
      `SELECT count(*)::int AS jobs, count(DISTINCT date_trunc('minute', created_on))::int AS minutes
         FROM jobs.job WHERE name = 'tick'`,
    );
    expect(due?.jobs).toBe(due?.minutes);
    expect(ticks()).toEqual(Array.from({ length: ticks().length }, () => 'it'));
    expect(ticks().length).toBeLessThanOrEqual(due?.jobs ?? 0);
  }, 150_000);
});
