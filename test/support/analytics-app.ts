import { SessionDayCounter } from '@app/session-analytics';
import { AuthEventBuffer } from '@app/sessions';
import type { Response } from 'supertest';
import { loginAs, type ApiClient } from './api-client.js';
import { writeEvents, type WrittenEvent } from './auth-events.js';
import { eventually } from './eventually.js';
import { runSql } from './run-sql.js';
import { startTestApp, type TestApp } from './test-app.js';

type Row = Readonly<Record<string, unknown>>;

/** When events are counted, unless a test says otherwise. */
export const NOW = new Date('2025-03-12T15:30:00.000Z');
export const AN_HOUR_LATER = new Date('2025-03-12T16:30:00.000Z');
/** The days that tests write events of. */
export const RANGE = 'from=2025-03-01&to=2025-03-12';

export const analyticsPath = (route: string, query = '') => `admin/session-analytics/${route}?${query}`;

/** An application whose events are counted when a test says so, at the time it says, and never else. */
export class AnalyticsApp {
  private constructor(
    readonly app: TestApp,
    readonly admin: ApiClient,
  ) {}

  static async start(): Promise<AnalyticsApp> {
    const app = await startTestApp({ mode: 'memory' });
    await runSql(app.databaseUrl, 'DELETE FROM jobs.schedule');
    const open = `SELECT 1 FROM jobs.job WHERE name = 'count-session-days' AND state < 'completed'`;
    await eventually(async () => {
      if ((await runSql(app.databaseUrl, open)).length > 0) throw new Error('A job from before is running');
    });
    return new AnalyticsApp(app, await loginAs(app, 'admin'));
  }

  stop(): Promise<void> {
    return this.app.stop();
  }

  /** Forgets all events and numbers. */
  async reset(): Promise<void> {
    await this.app.app.get(AuthEventBuffer).flush();
    await this.sql('TRUNCATE auth_events, session_days, suspicious_activity CASCADE');
  }

  write(...events: readonly WrittenEvent[]): Promise<void> {
    return writeEvents(this.app.databaseUrl, events);
  }

  /** Gives the days that were counted. */
  count(now = NOW, signal?: AbortSignal): Promise<string[]> {
    return this.app.app.get(SessionDayCounter).run(now, signal);
  }

  async report<Body = Row>(route: string, query = RANGE): Promise<Body> {
    return (await this.admin.call('get', analyticsPath(route, query)).expect(200)).body as Body;
  }

  async rows(route: string, query?: string): Promise<readonly Row[]> {
    return (await this.report<{ rows: Row[] }>(route, query)).rows;
  }

  async suspicions(query?: string): Promise<readonly Row[]> {
    return (await this.report<{ items: Row[] }>('suspicious-activity', query)).items;
  }

  async csv(route: string, query = RANGE): Promise<Response> {
    return this.admin.call('get', analyticsPath(route, `format=csv&${query}`)).expect(200);
  }

  /** All numbers there are. */
  async everything(): Promise<unknown> {
    const [row] = await this.sql(
      `SELECT (SELECT json_agg(d ORDER BY day) FROM session_days d) AS days,
         (SELECT json_agg(d ORDER BY day, device) FROM session_device_days d) AS devices,
         (SELECT json_agg(d ORDER BY day, reason) FROM session_revocation_days d) AS revocations,
         (SELECT json_agg(d ORDER BY first_at, id) FROM suspicious_activity d) AS suspicious`,
    );
    return row;
  }

  sql<Result extends object = Row>(statement: string): Promise<Result[]> {
    return runSql<Result>(this.app.databaseUrl, statement);
  }
}
