import { newId } from '@app/http';
import { JobQueue } from '@app/jobs';
import { countSessionDays, SessionDayCounter } from '@app/session-analytics';
import { AuthEventBuffer } from '@app/sessions';
import { AN_HOUR_LATER, AnalyticsApp, analyticsPath, NOW, RANGE } from '../support/analytics-app.js';
import { ApiClient, login, loginAs, registerLearner } from '../support/api-client.js';
import { statementsOf } from '../support/app-statements.js';
import type { WrittenEvent } from '../support/auth-events.js';
import { eventually } from '../support/eventually.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const ROUTES = ['summary', 'activity', 'refreshes', 'devices', 'revocations', 'suspicious-activity'] as const;
const CSV_ROUTES = ROUTES.filter((route) => route !== 'summary');
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const FIREFOX_NAME = 'Firefox on Linux';
const [ann, ben, cem] = [newId(), newId(), newId()];
const [s1, s2, s3] = [newId(), newId(), newId()];

const dayOf = (time: Date) => time.toISOString().slice(0, 10);
const loginOf = (userId: string, sessionId: string, at: string) => ({ kind: 'login', userId, sessionId, at });
const onThe11th = (time: string) => `2025-03-11T${time}Z`;
const use = (kind: string, sessionId: string, device: string | undefined, at: string) => ({
  kind,
  userId: ann,
  sessionId,
  at,
  ...(device === undefined ? {} : { device }),
});
const logins = (device: string, times: number, day: string) =>
  Array.from({ length: times }, () => ({
    kind: 'login',
    userId: ann,
    sessionId: newId(),
    device,
    at: `2025-03-${day}T12:00:00Z`,
  }));
const ended = (kind: string, day: string, detail: object) => ({
  kind,
  userId: ann,
  at: `2025-03-${day}T12:00:00Z`,
  detail,
});
/** Events a second apart. */
const times = (number: number, event: Omit<WrittenEvent, 'at'>, first = '09:30:00') =>
  Array.from({ length: number }, (_, index) => ({
    ...event,
    at: new Date(Date.parse(onThe11th(first)) + index * 1000),
  })) as WrittenEvent[];
const total = (rows: readonly { readonly sessionDays: number }[]) =>
  rows.reduce((sum, { sessionDays }) => sum + sessionDays, 0);

describe.each(STORE_MODES)('analytics of what people do, with %s stores', (mode) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode });
  });
  afterAll(() => app.stop());

  it('count every login, renewal and revocation once, and the same after an account is deleted', async () => {
    const admin = await loginAs(app, 'admin');
    const from = dayOf(new Date());
    const refresh = (refreshToken: string) =>
      new ApiClient(app.url).call('post', 'auth/refresh', { refreshToken }).set('User-Agent', FIREFOX);
    const [one, two, three] = [await registerLearner(app), await registerLearner(app), await registerLearner(app)];
    const credentials = { email: one.tokens.user.email, password: one.password };
    const { body: session } = await new ApiClient(app.url)
      .call('post', 'auth/login', credentials)
      .set('User-Agent', FIREFOX)
      .expect(200);
    const { body: second } = await refresh(session.refreshToken).expect(200);
    expect((await refresh(session.refreshToken).expect(200)).body.refreshToken).toBe(second.refreshToken);
    const { body: third } = await refresh(second.refreshToken).expect(200);
    await refresh(third.refreshToken).expect(200);
    await refresh(session.refreshToken).expect(401);
    for (let time = 0; time < 3; time += 1) {
      await new ApiClient(app.url).call('post', 'auth/login', { ...credentials, password: 'wrong' }).expect(401);
    }
    await two.call('post', 'auth/logout').expect(204);
    await three.call('post', 'auth/logout-all').expect(204);
    const again = await login(app, credentials);
    await admin.call('delete', `admin/users/${one.tokens.user.id}/sessions/${again.tokens.session.id}`).expect(204);

    const report = async (route: string) => {
      await app.app.get(AuthEventBuffer).flush();
      // As though an hour had passed, so that all days are due.
      await runSql(app.databaseUrl, `UPDATE session_days SET computed_at = computed_at - interval '1 hour'`);
      await app.app.get(SessionDayCounter).run(new Date());
      return (await admin.call('get', analyticsPath(route, `from=${from}`)).expect(200)).body;
    };
    const summary = await report('summary');
    expect(summary).toMatchObject({
      activeUsers: { most: 4 },
      totals: { sessionsOpened: 6, usersRegistered: 3, failedLogins: 3, limitedLogins: 0 },
      refreshes: { rotations: 3, replays: 1, reuses: 1, fromTheFuture: 0 },
      revocations: { sessions: 3, accounts: 1 },
      suspicious: [{ kind: 'refresh_reused', count: 1 }],
    });
    const revocations = [
      { reason: 'admin', sessions: 1, accounts: 0 },
      { reason: 'logout', sessions: 1, accounts: 0 },
      { reason: 'logout_all', sessions: 0, accounts: 1 },
      { reason: 'refresh_reused', sessions: 1, accounts: 0 },
    ];
    const reasons = async () =>
      (await report('revocations')).rows.map(({ reason, sessions, accounts }: Record<string, unknown>) => ({
        reason,
        sessions,
        accounts,
      }));
    expect(await reasons()).toEqual(revocations);
    const { rows: devices } = await report('devices');
    expect(devices).toContainEqual({ device: FIREFOX_NAME, sessionsOpened: 1, sessionDays: 1 });
    const { items } = await report('suspicious-activity');
    expect(items).toEqual([
      expect.objectContaining({
        kind: 'refresh_reused',
        events: 1,
        userId: one.tokens.user.id,
        sessionId: session.session.id,
        ip: '127.0.0.1',
        device: { name: FIREFOX_NAME },
      }),
    ]);

    await one.call('delete', 'users/me').expect(204);
    expect(await report('summary')).toMatchObject({
      activeUsers: summary.activeUsers,
      totals: summary.totals,
      refreshes: summary.refreshes,
      revocations: { sessions: 3, accounts: 2 },
    });
    expect(await reasons()).toEqual([{ reason: 'account_deleted', sessions: 0, accounts: 1 }, ...revocations]);
    expect((await report('suspicious-activity')).items).toMatchObject([{ ip: null, device: null }]);
    expect(total((await report('devices')).rows)).toBe(total(devices));
  });

  it('are counted by a job of the queue', async () => {
    await runSql(app.databaseUrl, 'TRUNCATE session_days CASCADE');
    await app.app.get(JobQueue).enqueue(countSessionDays, {});
    const admin = await loginAs(app, 'admin');
    await eventually(async () => {
      const { body } = await admin.call('get', analyticsPath('activity'));
      expect(Date.now() - Date.parse(body.computedAt)).toBeLessThan(60_000);
      expect(body.rows.at(-1)).toMatchObject({ preliminary: true, computedAt: body.computedAt });
    });
  });
});

describe('session analytics', () => {
  let analytics: AnalyticsApp;
  beforeAll(async () => {
    analytics = await AnalyticsApp.start();
  });
  afterAll(() => analytics.stop());
  beforeEach(() => analytics.reset());

  describe('for nobody else', () => {
    it.each(ROUTES)('%s is for admins', async (route) => {
      for (const client of [await registerLearner(analytics.app), await loginAs(analytics.app, 'teacher')]) {
        for (const query of ['', 'format=csv']) {
          expectProblem(await client.call('get', analyticsPath(route, query)), 403, 'auth.role_required');
        }
      }
    });
  });

  describe('a range', () => {
    it.each(ROUTES)('of %s that is none, or too long, is refused', async (route) => {
      for (const query of [
        'from=2025-03-02&to=2025-03-01',
        'from=2024-01-01&to=2025-03-01',
        'from=2999-01-01',
        'from=yesterday',
        'from=2025-02-30',
        'to=2025-3-1',
        'from=0000-01-01&to=0000-01-02',
        'to=9999-12-31',
        'from=1999-12-31',
        'from=2025-03-01T00:00:00Z',
        'from=2025-03-01&from=2025-03-02',
      ]) {
        expectProblem(await analytics.admin.call('get', analyticsPath(route, query)), 400, 'request.invalid');
      }
    });

    it('is the last thirty days unless asked for', async () => {
      const today = new Date();
      const { from, to } = await analytics.report<{ from: string; to: string }>('activity', '');
      expect([dayOf(today), dayOf(new Date())]).toContain(to);
      expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBe(29);
      expect(await analytics.report('activity', 'to=2025-03-10')).toMatchObject({
        from: '2025-02-09',
        to: '2025-03-10',
      });
    });

    it.each(['from=2024-02-06&to=2025-03-11', 'from=2000-01-01&to=2000-01-01', 'from=2999-12-31&to=2999-12-31'])(
      'may be ?%s',
      async (query) => {
        expect(await analytics.rows('activity', query)).toEqual([]);
      },
    );

    it.each(['format=xml', 'format=CSV', 'format='])('comes in no other form than said: ?%s', async (query) => {
      for (const route of CSV_ROUTES)
        expectProblem(await analytics.admin.call('get', analyticsPath(route, query)), 400, 'request.invalid');
    });
  });

  it('has nothing, and says so, while nothing was counted', async () => {
    expect(await analytics.count()).toEqual([]);
    const nothing = { from: '2025-03-01', to: '2025-03-12', computedAt: null };
    for (const route of ['activity', 'refreshes', 'devices', 'revocations']) {
      expect(await analytics.report(route)).toEqual({ ...nothing, rows: [] });
    }
    expect(await analytics.report('suspicious-activity')).toEqual({ items: [], nextCursor: null });
    expect(await analytics.report('summary')).toEqual({
      ...nothing,
      days: 0,
      activeUsers: { average: null, most: 0 },
      totals: { sessionsOpened: 0, usersRegistered: 0, failedLogins: 0, limitedLogins: 0 },
      refreshes: { rotations: 0, replays: 0, reuses: 0, fromTheFuture: 0 },
      revocations: { sessions: 0, accounts: 0 },
      suspicious: [],
    });
    for (const route of CSV_ROUTES) expect((await analytics.csv(route)).text).toMatch(/^[a-zA-Z,]+\r\n$/);
  });

  it('counts by days in UTC, to the microsecond', async () => {
    await analytics.write(
      loginOf(ann, s1, '2025-03-09T23:59:59.999999Z'),
      loginOf(ann, s1, '2025-03-10T00:00:00Z'),
      loginOf(ben, s2, '2025-03-10T23:59:59.999999Z'),
      loginOf(ben, s2, '2025-03-11T00:00:00Z'),
      { kind: 'refresh', userId: ann, sessionId: s1, at: '2025-03-11T08:00:00+09:00' },
    );
    await analytics.count();
    const days = (await analytics.rows('activity')).map(({ day, activeUsers, activeSessions, sessionsOpened }) => [
      day,
      activeUsers,
      activeSessions,
      sessionsOpened,
    ]);
    expect(days).toEqual([
      ['2025-03-09', 1, 1, 1],
      ['2025-03-10', 2, 2, 2],
      ['2025-03-11', 1, 1, 1],
      ['2025-03-12', 0, 0, 0],
    ]);
    expect((await analytics.rows('refreshes')).map(({ rotations }) => rotations)).toEqual([0, 1, 0, 0]);
  });

  it('counts those as active who are logged in, each once, and nobody else', async () => {
    const at = '2025-03-10T12:00:00Z';
    await analytics.write(
      { kind: 'login', userId: ann, sessionId: s1, at },
      { kind: 'login', userId: ann, sessionId: s2, at },
      { kind: 'refresh', userId: ann, sessionId: s1, at },
      { kind: 'refresh.replayed', userId: ben, sessionId: s3, at },
      { kind: 'password.changed', userId: cem, at },
      { kind: 'two_factor.enabled', userId: cem, at },
      { kind: 'passkey.added', userId: cem, at },
      ...[
        'login.failed',
        'login.limited',
        'refresh.reused',
        'refresh.from_the_future',
        'password.reset_requested',
        'two_factor.failed',
        'passkey.copied',
        'session.revoked',
        'sessions.revoked_all',
        'account.disabled',
        'account.registered',
        'email.verified',
      ].map((kind) => ({ kind, userId: newId(), sessionId: newId(), at })),
    );
    await analytics.count();
    expect((await analytics.rows('activity'))[0]).toEqual({
      day: '2025-03-10',
      preliminary: false,
      computedAt: NOW.toISOString(),
      activeUsers: 3,
      activeSessions: 3,
      sessionsOpened: 2,
      usersRegistered: 1,
      failedLogins: 1,
      limitedLogins: 1,
    });
    expect((await analytics.rows('refreshes'))[0]).toEqual({
      day: '2025-03-10',
      preliminary: false,
      computedAt: NOW.toISOString(),
      rotations: 1,
      replays: 1,
      reuses: 1,
      fromTheFuture: 1,
    });
  });

  describe('devices', () => {
    it('are those that sessions were used with last on a day, added up over days', async () => {
      await analytics.write(
        use('login', s1, 'Firefox on Linux', '2025-03-10T08:00:00Z'),
        use('refresh', s1, 'Firefox on Windows', '2025-03-10T09:00:00Z'),
        use('refresh', s1, 'Firefox on Windows', '2025-03-11T09:00:00Z'),
        use('login', s2, 'Safari on iOS', '2025-03-11T09:00:00Z'),
        use('login', s3, undefined, '2025-03-11T10:00:00Z'),
        use('login.failed', newId(), 'Chrome on Android', '2025-03-11T10:00:00Z'),
      );
      await analytics.count();
      const firefox = { device: 'Firefox on Linux', sessionsOpened: 1, sessionDays: 0 };
      expect(await analytics.rows('devices')).toEqual([
        { device: 'Firefox on Windows', sessionsOpened: 0, sessionDays: 2 },
        { device: 'Safari on iOS', sessionsOpened: 1, sessionDays: 1 },
        { device: 'Unknown device', sessionsOpened: 1, sessionDays: 1 },
        firefox,
      ]);
      expect(await analytics.rows('devices', 'from=2025-03-10&to=2025-03-10')).toEqual([
        { device: 'Firefox on Windows', sessionsOpened: 0, sessionDays: 1 },
        firefox,
      ]);
    });

    it('that are rare are one row, the last, whatever clients call themselves', async () => {
      const names = Array.from({ length: 60 }, (_, index) => `Made-up ${String(index).padStart(2, '0')}`);
      await analytics.write(
        ...names.flatMap((name) => logins(name, 1, '10')),
        ...logins('Other', 5, '10'),
        ...logins('Safari on iOS', 3, '10'),
        ...logins('Made-up 30', 2, '11'),
      );
      await analytics.count();
      const [kept] = await runSql<{ names: number }>(
        analytics.app.databaseUrl,
        `SELECT count(*)::int AS names FROM session_device_days WHERE day = '2025-03-10' AND device <> 'Other'`,
      );
      expect(kept?.names).toBe(49);
      const rows = await analytics.rows('devices');
      expect(rows).toHaveLength(21);
      expect(rows.slice(0, 3)).toEqual([
        { device: 'Made-up 30', sessionsOpened: 3, sessionDays: 3 },
        { device: 'Safari on iOS', sessionsOpened: 3, sessionDays: 3 },
        { device: 'Made-up 00', sessionsOpened: 1, sessionDays: 1 },
      ]);
      // 60 made up ones of which 19 are named, and 5 that call themselves so.
      expect(rows.at(-1)).toEqual({ device: 'Other', sessionsOpened: 60 - 19 + 5, sessionDays: 60 - 19 + 5 });
    });
  });

  it('counts revocations by their reason, of sessions and of accounts', async () => {
    await analytics.write(
      ended('session.revoked', '10', { reason: 'logout' }),
      ended('session.revoked', '10', { reason: 'logout' }),
      ended('session.revoked', '10', { reason: 'admin' }),
      ended('sessions.revoked_all', '10', { reason: 'admin' }),
      ended('sessions.revoked_all', '11', { reason: 'password_reset' }),
      ended('session.revoked', '11', {}),
    );
    await analytics.count();
    const rows = (await analytics.rows('revocations')).map(({ day, reason, sessions, accounts }) => [
      day,
      reason,
      sessions,
      accounts,
    ]);
    expect(rows).toEqual([
      ['2025-03-10', 'admin', 1, 1],
      ['2025-03-10', 'logout', 2, 0],
      ['2025-03-11', 'password_reset', 0, 1],
      ['2025-03-11', 'unknown', 1, 0],
    ]);
  });

  describe('suspicious activity', () => {
    const address = '203.0.113.7';

    it.each([
      ['refresh_reused', 1, { kind: 'refresh.reused', userId: ann, sessionId: s1 }, { userId: ann, sessionId: s1 }],
      [
        'refresh_from_the_future',
        1,
        { kind: 'refresh.from_the_future', userId: ann, sessionId: s1 },
        { userId: ann, sessionId: s1 },
      ],
      ['passkey_copied', 1, { kind: 'passkey.copied', userId: ann }, { userId: ann, sessionId: null }],
      ['password_guessing', 10, { kind: 'login.failed', userId: ann }, { userId: ann, sessionId: null }],
      ['password_spraying', 100, { kind: 'login.failed', ip: address }, { userId: null, ip: address }],
      ['code_guessing', 5, { kind: 'two_factor.failed', userId: ann }, { userId: ann, sessionId: null }],
      ['login_flood', 5, { kind: 'login.limited', ip: address }, { userId: null, ip: address }],
    ])('%s is %d of them within an hour, not one less', async (kind, threshold, event, expected) => {
      await analytics.write(...times(threshold - 1, event));
      await analytics.count();
      expect(await analytics.suspicions()).toEqual([]);
      await analytics.write(...times(1, event, '09:59:59'));
      await analytics.count(AN_HOUR_LATER);
      expect(await analytics.suspicions()).toEqual([
        expect.objectContaining({
          kind,
          events: threshold,
          firstAt: onThe11th(threshold === 1 ? '09:59:59.000' : '09:30:00.000'),
          lastAt: onThe11th('09:59:59.000'),
          ...expected,
        }),
      ]);
    });

    it('is of one subject and one hour of the clock', async () => {
      const failed = { kind: 'login.failed', userId: ann };
      await analytics.write(
        ...times(5, failed, '09:59:30'),
        ...times(5, failed, '10:00:00'),
        ...times(9, { ...failed, userId: ben }),
        ...times(99, { kind: 'login.failed', ip: address }),
        ...times(50, { kind: 'login.failed', ip: '203.0.113.8' }),
        ...times(50, { kind: 'login.failed' }),
      );
      await analytics.count();
      expect(await analytics.suspicions()).toEqual([]);
    });

    it('keeps its id when it is counted again, and comes with where the first event came from while that is known', async () => {
      await analytics.write(
        {
          kind: 'refresh.reused',
          userId: ann,
          sessionId: s1,
          ip: address,
          device: FIREFOX_NAME,
          at: onThe11th('09:00:00'),
        },
        {
          kind: 'refresh.reused',
          userId: ann,
          sessionId: s1,
          ip: '198.51.100.9',
          device: 'X',
          at: onThe11th('09:10:00'),
        },
      );
      await analytics.count();
      const [one] = await analytics.suspicions();
      expect(one).toEqual({
        id: expect.any(String),
        kind: 'refresh_reused',
        events: 2,
        firstAt: onThe11th('09:00:00.000'),
        lastAt: onThe11th('09:10:00.000'),
        userId: ann,
        sessionId: s1,
        ip: address,
        device: { name: FIREFOX_NAME },
      });
      await analytics.count(AN_HOUR_LATER);
      expect(await analytics.suspicions()).toEqual([one]);
      await analytics.sql('DELETE FROM auth_events');
      expect(await analytics.suspicions()).toEqual([{ ...one, ip: null, device: null }]);
    });

    it('comes in pages, the newest first, each once, of a kind and range that is asked for', async () => {
      const reuses = Array.from({ length: 7 }, () => ({
        kind: 'refresh.reused',
        sessionId: newId(),
        at: onThe11th('09:00:00'),
      }));
      await analytics.write(...reuses, { kind: 'passkey.copied', userId: ann, at: onThe11th('08:00:00.000001') });
      await analytics.write({ kind: 'passkey.copied', userId: ben, at: '2025-03-10T23:59:59.999999Z' });
      await analytics.count();
      const whole = await analytics.suspicions(`${RANGE}&limit=100`);
      expect(whole).toHaveLength(9);
      expect(whole.map(({ userId }) => userId).slice(-2)).toEqual([ann, ben]);
      const paged: unknown[] = [];
      let cursor = '';
      do {
        const page: { items: unknown[]; nextCursor: string | null } = await analytics.report(
          'suspicious-activity',
          `${RANGE}&limit=2${cursor && `&cursor=${cursor}`}`,
        );
        paged.push(...page.items);
        cursor = page.nextCursor ?? '';
      } while (cursor !== '');
      expect(paged).toEqual(whole);
      expect(await analytics.suspicions(`${RANGE}&kind=passkey_copied`)).toEqual(whole.slice(-2));
      expect(await analytics.suspicions('from=2025-03-10&to=2025-03-10')).toEqual(whole.slice(-1));
      expect(await analytics.report('summary')).toMatchObject({
        suspicious: [
          { kind: 'passkey_copied', count: 2 },
          { kind: 'refresh_reused', count: 7 },
        ],
      });
    });

    it.each(['kind=x', 'limit=0', 'limit=101', 'cursor=x', `cursor=${Buffer.from('{"at":1}').toString('base64url')}`])(
      'answers 400 to ?%s',
      async (query) => {
        expectProblem(
          await analytics.admin.call('get', analyticsPath('suspicious-activity', query)),
          400,
          'request.invalid',
        );
      },
    );
  });

  it('reads no event for its reports, and of suspicious ones the first by its key', async () => {
    await analytics.write({ kind: 'refresh.reused', userId: ann, sessionId: s1, at: '2025-03-11T12:00:00Z' });
    await analytics.count();
    const reads = async (route: string) =>
      (await statementsOf(analytics.app, () => analytics.report(route))).filter((statement) =>
        statement.includes('auth_events'),
      );
    for (const route of ['summary', 'activity', 'refreshes', 'devices', 'revocations']) {
      expect(await reads(route)).toEqual([]);
    }
    const [statement = ''] = await reads('suspicious-activity');
    const plan = await runSql<{ 'QUERY PLAN': string }>(
      analytics.app.databaseUrl,
      `EXPLAIN ${statement
        .replaceAll('$1', `'2025-03-01'`)
        .replaceAll('$2', `'2025-03-13'`)
        .replaceAll(/\$[345]/g, 'NULL')
        .replaceAll('$6', '100')}`,
    );
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toMatch(/Index Scan using auth_events_default_pkey/);
    expect(text).not.toMatch(/Seq Scan on auth_events/);
  });
});
