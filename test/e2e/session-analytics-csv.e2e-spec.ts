import { UnavailableError } from '@app/errors';
import { newId } from '@app/http';
import { jest } from '@jest/globals';
import type { Response } from 'supertest';
import { SuspiciousActivity } from '../../libs/session-analytics/src/postgres/index.js';
import { AnalyticsApp, analyticsPath, RANGE } from '../support/analytics-app.js';
import { statementsOf } from '../support/app-statements.js';
import { expectProblem } from '../support/problem.js';

const CSV_ROUTES = ['activity', 'refreshes', 'devices', 'revocations', 'suspicious-activity'] as const;
const FIREFOX_NAME = 'Firefox on Linux';
const [ann, s1] = [newId(), newId()];

const attachment = (response: Response) => ({
  type: response.headers['content-type'],
  disposition: response.headers['content-disposition'],
});
const byText = (one: string, other: string) => one.localeCompare(other);

describe('session analytics as CSV', () => {
  let analytics: AnalyticsApp;
  beforeAll(async () => {
    analytics = await AnalyticsApp.start();
  });
  afterAll(() => analytics.stop());
  beforeEach(() => analytics.reset());

  it('has a name, a header row and the rows of the JSON', async () => {
    await analytics.write(
      { kind: 'login', userId: ann, sessionId: s1, device: FIREFOX_NAME, at: '2025-03-12T10:00:00Z' },
      { kind: 'refresh', userId: ann, sessionId: s1, device: FIREFOX_NAME, at: '2025-03-12T11:00:00Z' },
      {
        kind: 'session.revoked',
        userId: ann,
        sessionId: s1,
        detail: { reason: 'logout' },
        at: '2025-03-12T12:00:00Z',
      },
      {
        kind: 'refresh.reused',
        userId: ann,
        sessionId: s1,
        ip: '2001:db8::7',
        device: FIREFOX_NAME,
        at: '2025-03-12T13:00:00Z',
      },
    );
    await analytics.count();
    const counted = '2025-03-12,true,2025-03-12T15:30:00.000Z';
    const [suspicion] = await analytics.suspicions();
    const files = {
      activity: [
        'session-activity',
        'day,preliminary,computedAt,activeUsers,activeSessions,sessionsOpened,usersRegistered,failedLogins,limitedLogins',
        `${counted},1,1,1,0,0,0`,
      ],
      refreshes: [
        'refresh-health',
        'day,preliminary,computedAt,rotations,replays,reuses,fromTheFuture',
        `${counted},1,0,1,0`,
      ],
      devices: ['session-devices', 'device,sessionsOpened,sessionDays', 'Firefox on Linux,1,1'],
      revocations: [
        'session-revocations',
        'day,preliminary,computedAt,reason,sessions,accounts',
        `${counted},logout,1,0`,
      ],
      'suspicious-activity': [
        'suspicious-activity',
        'id,kind,events,firstAt,lastAt,userId,sessionId,ip,device',
        `${String(suspicion?.['id'])},refresh_reused,1,2025-03-12T13:00:00.000Z,2025-03-12T13:00:00.000Z,${ann},${s1},2001:db8::7,Firefox on Linux`,
      ],
    } as const;
    for (const route of CSV_ROUTES) {
      const [name, ...lines] = files[route];
      const response = await analytics.csv(route);
      expect(attachment(response)).toEqual({
        type: 'text/csv; charset=utf-8; header=present',
        disposition: `attachment; filename="${name}_2025-03-01_2025-03-12.csv"`,
      });
      expect(response.text).toBe(lines.map((line) => `${line}\r\n`).join(''));
    }
  });

  it('runs no formula that a client was called by', async () => {
    const names = [
      '=cmd|"/c calc"!A1',
      '+1',
      '-1',
      '@SUM(A1,B1)',
      '\t=1',
      '\r=1',
      'Say "hi", twice',
      'line\nbreak',
      'Ünïcode 端末',
    ];
    await analytics.write(
      ...names.map((device, index) => ({
        kind: 'login',
        userId: ann,
        sessionId: newId(),
        device,
        at: `2025-03-11T0${index}:00:00Z`,
      })),
      { kind: 'refresh.reused', sessionId: s1, ip: '=1+1', device: '=2+2', at: '2025-03-11T12:00:00Z' },
    );
    await analytics.count();
    const { text } = await analytics.csv('devices');
    for (const cell of [
      `"'=cmd|""/c calc""!A1"`,
      `'+1`,
      `'-1`,
      `"'@SUM(A1,B1)"`,
      `'\t=1`,
      `"'\r=1"`,
      `"Say ""hi"", twice"`,
      `"line\nbreak"`,
      'Ünïcode 端末',
    ]) {
      expect(text).toContain(`\r\n${cell},1,1\r\n`);
    }
    expect((await analytics.csv('suspicious-activity')).text).toContain(`,'=1+1,'=2+2\r\n`);
  });

  it('has all that is suspicious, read page by page', async () => {
    const events = Array.from({ length: 1203 }, (_, index) => ({
      kind: 'refresh.reused',
      sessionId: newId(),
      at: new Date(Date.parse('2025-03-11T00:00:00Z') + Math.floor(index / 2) * 1000),
    }));
    await analytics.write(...events);
    await analytics.count();
    let text = '';
    const statements = await statementsOf(
      analytics.app,
      async () => ({ text } = await analytics.csv('suspicious-activity')),
    );
    expect(statements.filter((statement) => statement.includes('suspicious_activity'))).toHaveLength(3);
    const lines = text.trimEnd().split('\r\n').slice(1);
    expect(new Set(lines.map((line) => line.split(',')[6])).size).toBe(1203);
    const newest = lines.map((line) => line.split(',')[3] ?? '');
    expect(newest).toEqual(newest.toSorted(byText).toReversed());
    expect(lines).toHaveLength(1203);
    const some = await analytics.csv('suspicious-activity', `${RANGE}&kind=passkey_copied&limit=1`);
    expect(some.text.trimEnd().split('\r\n')).toHaveLength(1);
  });

  it('is a problem when it fails at once, and breaks off when it fails later: no short file looks whole', async () => {
    await analytics.write(
      ...Array.from({ length: 501 }, () => ({
        kind: 'refresh.reused',
        sessionId: newId(),
        at: '2025-03-11T00:00:00Z',
      })),
    );
    await analytics.count();
    const suspicious = analytics.app.app.get(SuspiciousActivity);
    const read = suspicious.page.bind(suspicious);
    const pages = jest.spyOn(suspicious, 'page');
    const failing = jest.fn<SuspiciousActivity['page']>().mockRejectedValue(new UnavailableError('database'));
    pages.mockImplementationOnce(failing);
    const whole = analyticsPath('suspicious-activity', `format=csv&${RANGE}`);
    const failed = await analytics.admin.call('get', whole);
    expectProblem(failed, 503, 'database.unavailable');
    expect(failed.headers['content-disposition']).toBeUndefined();
    for (const coding of ['identity', 'gzip']) {
      pages.mockImplementationOnce(read).mockImplementationOnce(failing);
      const headers = { authorization: `Bearer ${analytics.admin.tokens?.accessToken}`, 'accept-encoding': coding };
      const response = await fetch(`${analytics.app.url}/api/v1/${whole}`, { headers });
      await expect(response.text()).rejects.toThrow();
    }
    pages.mockRestore();
    expect((await analytics.csv('suspicious-activity')).text.trimEnd().split('\r\n')).toHaveLength(502);
  });
});
