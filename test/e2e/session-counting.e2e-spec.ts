import { newId } from '@app/http';
import { SessionDayCounter } from '@app/session-analytics';
import { jest } from '@jest/globals';
import { DayCounts } from '../../libs/session-analytics/src/postgres/index.js';
import { AN_HOUR_LATER, AnalyticsApp, NOW } from '../support/analytics-app.js';
import { eventually } from '../support/eventually.js';
import { HeldTable } from '../support/held-table.js';
import { startTestApp } from '../support/test-app.js';

const FIREFOX_NAME = 'Firefox on Linux';
const [ann, ben, s1] = [newId(), newId(), newId()];

const late = (day: string) => ({ kind: 'login', userId: newId(), sessionId: newId(), at: `${day}T12:00:00Z` });
const openedIn = async (analytics: AnalyticsApp) =>
  Object.fromEntries((await analytics.rows('activity')).map(({ day, sessionsOpened }) => [day, sessionsOpened]));
const busyDay = () => [
  ...[1, 2, 3].flatMap((minute) => [
    { kind: 'login', userId: ann, sessionId: newId(), device: FIREFOX_NAME, at: `2025-03-12T10:0${minute}:00Z` },
    { kind: 'session.revoked', userId: ann, sessionId: s1, detail: { reason: 'logout' }, at: NOW },
  ]),
  ...Array.from({ length: 12 }, () => ({ kind: 'login.failed', userId: ben, ip: '203.0.113.7', at: NOW })),
];

describe('counting sessions by day', () => {
  let analytics: AnalyticsApp;
  beforeAll(async () => {
    analytics = await AnalyticsApp.start();
  });
  afterAll(() => analytics.stop());
  beforeEach(() => analytics.reset());

  it('marks the day that is not over as preliminary until it is counted after its end', async () => {
    await analytics.write({ kind: 'login', userId: ann, at: '2025-03-12T10:00:00Z' });
    await analytics.count();
    const [today] = await analytics.rows('activity');
    expect(today).toMatchObject({ preliminary: true, computedAt: NOW.toISOString(), activeUsers: 1 });
    await analytics.count(new Date('2025-03-13T00:00:00Z'));
    const [over] = await analytics.rows('activity');
    expect(over).toMatchObject({ preliminary: false, computedAt: '2025-03-13T00:00:00.000Z', activeUsers: 1 });
    expect(await analytics.report('summary')).toMatchObject({ computedAt: '2025-03-13T00:00:00.000Z', days: 1 });
  });

  describe('events that come late', () => {
    it('are counted for two days, with what today brings', async () => {
      const days = ['2025-03-09', '2025-03-10', '2025-03-11', '2025-03-12'];
      await analytics.write(...days.map(late));
      expect((await analytics.count()).toSorted()).toEqual(days);
      await analytics.write(...days.map(late));
      // Minutes later: today only. An hour later: the days of which more may come. The 9th was counted for good.
      expect(await analytics.count(new Date('2025-03-12T15:40:00Z'))).toEqual(['2025-03-12']);
      expect(await openedIn(analytics)).toEqual({ '2025-03-09': 1, '2025-03-10': 1, '2025-03-11': 1, '2025-03-12': 2 });
      expect(await analytics.count(AN_HOUR_LATER)).toEqual(['2025-03-12', '2025-03-11', '2025-03-10']);
      expect(await openedIn(analytics)).toEqual({ '2025-03-09': 1, '2025-03-10': 2, '2025-03-11': 2, '2025-03-12': 2 });
    });

    it('are counted after a pause of the job, however long', async () => {
      await analytics.write(late('2025-03-01'));
      await analytics.count(new Date('2025-03-01T12:30:00Z'));
      await analytics.write(late('2025-03-01'), late('2025-03-05'));
      expect(await analytics.count()).toHaveLength(12);
      expect(await openedIn(analytics)).toMatchObject({
        '2025-03-01': 2,
        '2025-03-04': 0,
        '2025-03-05': 1,
        '2025-03-12': 0,
      });
      expect(await analytics.count(new Date('2025-03-12T15:31:00Z'))).toEqual(['2025-03-12']);
    });
  });

  it('catches up from the first event, and counts anew the days whose numbers were taken away', async () => {
    await analytics.write(
      { kind: 'login', userId: ann, at: '2025-03-03T12:00:00Z' },
      { kind: 'login', at: '2025-03-07T12:00:00Z' },
    );
    expect(await analytics.count()).toEqual(
      Array.from({ length: 10 }, (_, index) => `2025-03-${12 - index}`.replace(/-(\d)$/, '-0$1')),
    );
    const before = await analytics.everything();
    await analytics.sql(`DELETE FROM session_days WHERE day IN ('2025-03-03', '2025-03-06')`);
    expect(await analytics.count()).toEqual(['2025-03-12', '2025-03-06', '2025-03-03']);
    expect(await analytics.everything()).toEqual(before);
    await analytics.sql('TRUNCATE session_days CASCADE');
    expect(await analytics.count()).toHaveLength(10);
    expect(await analytics.everything()).toEqual(before);
  });

  describe('counting again', () => {
    it('changes nothing, by several instances at once neither', async () => {
      await analytics.write(...busyDay());
      await analytics.count();
      const before = await analytics.everything();
      await analytics.count();
      expect(await analytics.everything()).toEqual(before);
      const other = await startTestApp({ mode: 'memory', beside: analytics.app });
      const both = [analytics.app, other, analytics.app, other].map(({ app: each }) =>
        each.get(SessionDayCounter).run(NOW),
      );
      expect(await Promise.all(both)).toEqual(both.map(() => ['2025-03-12']));
      expect(await analytics.everything()).toEqual(before);
      await other.stop();
    });

    it('leaves the numbers of before, all of them, when it is cut off in the middle', async () => {
      await analytics.write(...busyDay());
      await analytics.count();
      const before = await analytics.everything();
      await analytics.write(...busyDay());
      const held = await HeldTable.hold(analytics.app.databaseUrl, 'suspicious_activity');
      const counting = analytics.count().then(
        () => 'counted',
        () => 'cut off',
      );
      await eventually(async () => expect(await held.waiting()).toBe(1));
      // Days, devices and revocations are written by now.
      await analytics.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
         WHERE NOT granted AND relation = 'suspicious_activity'::regclass AND datname = current_database()`,
      );
      expect(await counting).toBe('cut off');
      await held.release();
      expect(await analytics.everything()).toEqual(before);
      await analytics.count();
      expect(await analytics.rows('activity')).toMatchObject([{ sessionsOpened: 6 }]);
      expect(await analytics.rows('revocations')).toMatchObject([{ reason: 'logout', sessions: 6 }]);
    });

    it('misses no event that is moved to a new partition meanwhile', async () => {
      await analytics.write(...busyDay());
      await analytics.count();
      const before = await analytics.everything();
      const held = await HeldTable.hold(analytics.app.databaseUrl, 'auth_events');
      await held.run('CREATE TABLE march (LIKE auth_events)');
      await held.run('INSERT INTO march SELECT * FROM auth_events_default');
      await held.run('DELETE FROM auth_events_default');
      await held.run(`ALTER TABLE auth_events ATTACH PARTITION march FOR VALUES FROM ('2025-03-01') TO ('2025-04-01')`);
      const counting = analytics.app.app.get(DayCounts).replace('2025-03-12', NOW);
      await eventually(async () => expect(await held.waiting()).toBe(1));
      await held.commit();
      await counting;
      expect(await analytics.everything()).toEqual(before);
      await analytics.sql('DROP TABLE march');
    });

    it('goes on where an abort stopped it', async () => {
      await analytics.write({ kind: 'login', userId: ann, at: '2025-03-05T12:00:00Z' });
      const stop = new AbortController();
      const counts = analytics.app.app.get(DayCounts);
      const replace = counts.replace.bind(counts);
      const spy = jest.spyOn(counts, 'replace').mockImplementationOnce(async (day, computedAt) => {
        await replace(day, computedAt);
        stop.abort();
      });
      await expect(analytics.app.app.get(SessionDayCounter).run(NOW, stop.signal)).rejects.toThrow();
      spy.mockRestore();
      expect((await analytics.rows('activity')).map(({ day }) => day)).toEqual(['2025-03-12']);
      expect(await analytics.count()).toHaveLength(8);
      expect(await analytics.rows('activity')).toHaveLength(8);
    });
  });
});
