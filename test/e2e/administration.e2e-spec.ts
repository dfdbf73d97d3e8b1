import { FirstAccounts } from '../../apps/api/src/first-accounts.js';
import { ApiClient, login, loginAs, registerLearner } from '../support/api-client.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { connectSocket } from '../support/socket-client.js';
import { demoAccount, startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const NOBODY = '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80';
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const eventsOf = async (client: ApiClient, query = '') =>
  (await client.call('get', `users/me/security-events?${query}`).expect(200)).body;
/** Rows that belong to an account. */
const remains = async (databaseUrl: string, id: string) => {
  const tables = ['users', 'sessions', 'attempts', 'known_devices', 'one_time_tokens', 'passkeys', 'totp_secrets'];
  const counts = tables.map(
    (table) => `(SELECT count(*)::int FROM ${table} WHERE ${table === 'users' ? 'id' : 'user_id'} = $1) AS ${table}`,
  );
  const [row] = await runSql<Record<string, number>>(databaseUrl, `SELECT ${counts.join(', ')}`, [id]);
  return Object.values(row ?? {}).reduce((sum, number) => sum + number, 0);
};

describe.each(STORE_MODES)('administration with %s stores', (mode) => {
  let app: TestApp;
  let other: TestApp;
  let admin: Awaited<ReturnType<typeof loginAs>>;
  beforeAll(async () => {
    app = await startTestApp({ mode });
    other = await startTestApp({ mode, beside: app });
    admin = await loginAs(app, 'admin');
  });
  afterAll(async () => {
    await other.stop();
    await app.stop();
  });

  type Learner = Awaited<ReturnType<typeof registerLearner>>;
  const credentialsOf = ({ tokens, password }: Learner) => ({ email: tokens.user.email, password });
  const idOf = ({ tokens }: Learner) => tokens.user.id;
  const onOther = ({ tokens }: Learner) => new ApiClient(other.url, tokens);
  const auditOf = async (userId: string) =>
    (await admin.call('get', `admin/audit?userId=${userId}`).expect(200)).body.items as Record<string, unknown>[];
  const listed = async (query: string) => (await admin.call('get', `admin/users?${query}`).expect(200)).body;

  it.each([
    ['get', 'admin/users'],
    ['get', `admin/users/${NOBODY}`],
    ['post', `admin/users/${NOBODY}/disable`],
    ['post', `admin/users/${NOBODY}/enable`],
    ['delete', `admin/users/${NOBODY}`],
    ['get', `admin/users/${NOBODY}/sessions`],
    ['delete', `admin/users/${NOBODY}/sessions`],
    ['delete', `admin/users/${NOBODY}/sessions/${NOBODY}`],
    ['get', 'admin/audit'],
  ] as const)('%s %s is for admins', async (method, path) => {
    for (const client of [await registerLearner(app), await loginAs(app, 'teacher')]) {
      expectProblem(await client.call(method, path), 403, 'auth.role_required');
    }
  });

  it.each([
    ['get', 'admin/users/:id'],
    ['post', 'admin/users/:id/disable'],
    ['post', 'admin/users/:id/enable'],
    ['delete', 'admin/users/:id'],
    ['get', 'admin/users/:id/sessions'],
    ['delete', 'admin/users/:id/sessions'],
  ] as const)('%s %s answers 404 for an account that is not there', async (method, path) => {
    expectProblem(await admin.call(method, path.replace(':id', NOBODY)), 404, 'user.not_found');
    expectProblem(await admin.call(method, path.replace(':id', 'x')), 400, 'request.invalid');
  });

  describe('the list of accounts', () => {
    it('pages through all of them, the newest first, each once', async () => {
      const made = [];
      for (let index = 0; index < 5; index += 1) made.unshift(idOf(await registerLearner(app)));
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = await listed(`limit=2${cursor && `&cursor=${cursor}`}`);
        seen.push(...page.items.map(({ id }: { id: string }) => id));
        cursor = page.nextCursor ?? '';
      } while (cursor !== '');
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.slice(0, 5)).toEqual(made);
      const [row] = await runSql<{ all: number }>(app.databaseUrl, 'SELECT count(*)::int AS all FROM users');
      expect(seen).toHaveLength(row?.all ?? 0);
    });

    it('finds by the beginning of address or name, whatever the case, and takes wildcards literally', async () => {
      const email = `Zoë.find-${mode}@example.org`.replace('ë', 'e');
      await new ApiClient(app.url)
        .call('post', 'auth/register', { email, password: 'plum-kettle-94-river', displayName: 'Ömer %_Özil' })
        .expect(201);
      for (const q of ['ZOE.FIND', 'zoe.find-', 'ömer', 'Ömer %_']) {
        const { items } = await listed(`q=${encodeURIComponent(q)}`);
        expect(items).toEqual([expect.objectContaining({ email: email.toLowerCase(), status: 'active' })]);
      }
      for (const q of ['%', '_oe', 'find', "'; DROP TABLE users"]) {
        expect((await listed(`q=${encodeURIComponent(q)}`)).items).toEqual([]);
      }
    });

    it('filters by role and status', async () => {
      const learner = await registerLearner(app);
      await admin.call('post', `admin/users/${idOf(learner)}/disable`).expect(204);
      const disabled = (await listed('status=disabled&limit=100')).items;
      expect(disabled.map(({ id }: { id: string }) => id)).toContain(idOf(learner));
      expect(new Set(disabled.map(({ status }: { status: string }) => status))).toEqual(new Set(['disabled']));
      const { items } = await listed('role=teacher');
      expect(items.map(({ email }: { email: string }) => email)).toEqual([demoAccount('teacher').email]);
    });

    it.each(['role=root', 'status=gone', 'limit=0', 'cursor=x', 'q=%20'])('answers 400 to ?%s', async (query) => {
      expectProblem(await admin.call('get', `admin/users?${query}`), 400, 'request.invalid');
    });
  });

  describe('disabling', () => {
    it('ends everything on every instance, open sockets too, and lets nobody in', async () => {
      const learner = await registerLearner(app);
      const again = await login(app, credentialsOf(learner));
      for (const client of [learner, again])
        await onOther(client as Learner)
          .call('get', 'users/me')
          .expect(200);
      const socket = await connectSocket(other, learner.tokens.accessToken);
      await socket.event('ready');
      await admin.call('post', `admin/users/${idOf(learner)}/disable`).expect(204, '');
      for (const client of [learner, again]) {
        expectProblem(await onOther(client as Learner).call('get', 'users/me'), 401, 'auth.session_revoked');
        const { refreshToken } = client.tokens;
        expectProblem(
          await new ApiClient(other.url).call('post', 'auth/refresh', { refreshToken }),
          401,
          'auth.refresh_invalid',
        );
      }
      await socket.closed(1000);
      const refused = await new ApiClient(app.url).call('post', 'auth/login', credentialsOf(learner));
      expectProblem(refused, 401, 'auth.invalid_credentials');
    });

    it('and enabling can be repeated; enabling gives no session back', async () => {
      const learner = await registerLearner(app);
      const path = `admin/users/${idOf(learner)}`;
      for (let time = 0; time < 2; time += 1) await admin.call('post', `${path}/disable`).expect(204);
      for (let time = 0; time < 2; time += 1) await admin.call('post', `${path}/enable`).expect(204);
      expectProblem(await learner.call('get', 'users/me'), 401, 'auth.session_revoked');
      await login(app, credentialsOf(learner));
      const kinds = (await auditOf(idOf(learner))).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'account.disabled')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'account.enabled')).toHaveLength(1);
    });

    it('is not for oneself', async () => {
      const own = admin.tokens.user.id;
      expectProblem(await admin.call('post', `admin/users/${own}/disable`), 409, 'admin.own_account');
      expectProblem(await admin.call('delete', `admin/users/${own}`), 409, 'admin.own_account');
      await admin.call('get', 'users/me').expect(200);
    });
  });

  describe("somebody's sessions", () => {
    it('are listed, ended one by one and all at once', async () => {
      const learner = await registerLearner(app);
      const [second, third] = [await login(app, credentialsOf(learner)), await login(app, credentialsOf(learner))];
      const path = `admin/users/${idOf(learner)}/sessions`;
      const { body } = await admin.call('get', path).expect(200);
      expect(body.items).toHaveLength(3);
      expect(body.items[0]).toMatchObject({ current: false, device: { name: expect.any(String) } });
      await admin.call('delete', `${path}/${second.tokens.session.id}`).expect(204);
      expectProblem(await admin.call('delete', `${path}/${second.tokens.session.id}`), 404, 'session.not_found');
      expectProblem(await second.call('get', 'users/me'), 401, 'auth.session_revoked');
      await third.call('get', 'users/me').expect(200);
      await admin.call('delete', path).expect(204);
      for (const client of [learner, third]) {
        expectProblem(await client.call('get', 'users/me'), 401, 'auth.session_revoked');
      }
      const stranger = await registerLearner(app);
      const wrong = `${path}/${stranger.tokens.session.id}`;
      expectProblem(await admin.call('delete', wrong), 404, 'session.not_found');
      await stranger.call('get', 'users/me').expect(200);
    });
  });

  describe('the audit log', () => {
    it('has who did what to whom, from where, the newest first', async () => {
      const learner = await registerLearner(app);
      const path = `admin/users/${idOf(learner)}`;
      await admin.call('delete', `${path}/sessions/${learner.tokens.session.id}`).expect(204);
      await admin.call('post', `${path}/disable`).expect(204);
      const entries = await auditOf(idOf(learner));
      expect(entries.map(({ kind }) => String(kind)).toSorted()).toEqual([
        'account.disabled',
        'session.revoked',
        'sessions.revoked_all',
      ]);
      for (const entry of entries) {
        expect(entry).toMatchObject({
          id: expect.any(String),
          at: expect.stringMatching(RFC_3339),
          actorId: admin.tokens.user.id,
          userId: idOf(learner),
          ip: '127.0.0.1',
        });
      }
      expect(entries.at(-1)).toMatchObject({
        kind: 'session.revoked',
        reason: 'admin',
        sessionId: learner.tokens.session.id,
      });
      const times = entries.map(({ at }) => Date.parse(at as string));
      expect(times).toEqual(times.toSorted((one, next) => next - one));
    });

    it('pages, and filters by actor, account, kind and time', async () => {
      const learner = await registerLearner(app);
      const path = `admin/users/${idOf(learner)}`;
      for (let time = 0; time < 3; time += 1) {
        await admin.call('post', `${path}/disable`).expect(204);
        await admin.call('post', `${path}/enable`).expect(204);
      }
      const all = await auditOf(idOf(learner));
      expect(all).toHaveLength(9);
      const paged: unknown[] = [];
      let cursor = '';
      do {
        const query = `admin/audit?userId=${idOf(learner)}&limit=2${cursor && `&cursor=${cursor}`}`;
        const { body } = await admin.call('get', query).expect(200);
        paged.push(...body.items);
        cursor = body.nextCursor ?? '';
      } while (cursor !== '');
      expect(paged).toEqual(all);
      const count = async (query: string) =>
        (await admin.call('get', `admin/audit?userId=${idOf(learner)}&${query}`).expect(200)).body.items.length;
      expect(await count('kind=account.enabled')).toBe(3);
      expect(await count(`actorId=${NOBODY}`)).toBe(0);
      expect(await count(`actorId=${admin.tokens.user.id}`)).toBe(9);
      expect(await count('from=2026-01-01T00:00:00%2B09:00')).toBe(9);
      expect(await count('to=2026-01-01T00:00:00Z')).toBe(0);
    });

    it.each(['actorId=x', 'from=yesterday', 'cursor=x', 'limit=101'])('answers 400 to ?%s', async (query) => {
      expectProblem(await admin.call('get', `admin/audit?${query}`), 400, 'request.invalid');
    });
  });

  describe('deleting my account', () => {
    it('ends every session everywhere, takes all that is mine along, and frees the address', async () => {
      const learner = await registerLearner(app);
      const second = await login(app, credentialsOf(learner));
      await onOther(learner).call('get', 'users/me').expect(200);
      expect(await remains(app.databaseUrl, idOf(learner))).toBeGreaterThan(0);
      await learner.call('delete', 'users/me').expect(204, '');
      for (const client of [learner, second]) {
        expectProblem(await onOther(client as Learner).call('get', 'users/me'), 401, 'auth.session_revoked');
      }
      const { refreshToken } = second.tokens;
      const refused = await new ApiClient(app.url).call('post', 'auth/refresh', { refreshToken });
      expectProblem(refused, 401, 'auth.refresh_invalid');
      expect(await remains(app.databaseUrl, idOf(learner))).toBe(0);
      const events = await runSql<{ kind: string; ip: string | null; device: string | null }>(
        app.databaseUrl,
        'SELECT kind, ip, device_name AS device FROM auth_events WHERE user_id = $1',
        [idOf(learner)],
      );
      expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['login', 'account.deleted']));
      for (const { ip, device } of events) expect({ ip, device }).toEqual({ ip: null, device: null });
      await new ApiClient(app.url).call('post', 'auth/register', credentialsOf(learner)).expect(201);
    });

    it('needs a recent login', async () => {
      const learner = await registerLearner(app);
      await runSql(app.databaseUrl, `UPDATE sessions SET authenticated_at = now() - interval '11 min' WHERE id = $1`, [
        learner.tokens.session.id,
      ]);
      expectProblem(await learner.call('delete', 'users/me'), 403, 'auth.step_up_required');
      await learner.call('post', 'auth/step-up', { password: learner.password }).expect(204);
      await learner.call('delete', 'users/me').expect(204);
    });

    it('is refused to the last admin, also when the last two go at once', async () => {
      const own = await startTestApp({ mode });
      const one = await loginAs(own, 'admin');
      const two = await registerLearner(own);
      expectProblem(await one.call('delete', 'users/me'), 409, 'account.last_admin');
      await runSql(own.databaseUrl, `UPDATE users SET roles = '{admin}' WHERE id = $1`, [two.tokens.user.id]);
      const answers = await Promise.all([one, two].map((client) => client.call('delete', 'users/me')));
      expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['204', '409']);
      await own.stop();
    });
  });

  it('an admin deletes an account, which the audit log remembers', async () => {
    const learner = await registerLearner(app);
    await admin.call('delete', `admin/users/${idOf(learner)}`).expect(204);
    expectProblem(await admin.call('get', `admin/users/${idOf(learner)}`), 404, 'user.not_found');
    expectProblem(await learner.call('get', 'users/me'), 401, 'auth.session_revoked');
    expect((await auditOf(idOf(learner))).map(({ kind }) => kind)).toContain('account.deleted');
  });

  describe('my security events', () => {
    it('tell what happened to my account, mine alone, without the renewals', async () => {
      const learner = await registerLearner(app);
      await new ApiClient(app.url)
        .call('post', 'auth/refresh', { refreshToken: learner.tokens.refreshToken })
        .expect(200);
      const second = await login(app, credentialsOf(learner));
      await admin.call('delete', `admin/users/${idOf(learner)}/sessions/${second.tokens.session.id}`).expect(204);
      const { items } = await eventsOf(learner);
      expect(items.map(({ kind }: { kind: string }) => kind)).toEqual([
        'session.revoked',
        'login',
        'login',
        'account.registered',
      ]);
      expect(items[0]).toEqual({
        id: expect.any(String),
        at: expect.stringMatching(RFC_3339),
        kind: 'session.revoked',
        ip: null,
        device: null,
        sessionId: second.tokens.session.id,
        reason: 'admin',
        byAdmin: true,
      });
      expect(items[1]).toMatchObject({ ip: '127.0.0.1', device: { name: expect.any(String) }, byAdmin: false });
    });

    it('page to the end, each once', async () => {
      const learner = await registerLearner(app);
      for (let time = 0; time < 3; time += 1) await login(app, credentialsOf(learner));
      const whole = (await eventsOf(learner)).items;
      const paged: unknown[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: unknown[]; nextCursor: string | null } = await eventsOf(
          learner,
          `limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
        );
        paged.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(paged).toEqual(whole);
      expectProblem(await learner.call('get', 'users/me/security-events?cursor=x'), 400, 'request.invalid');
    });
  });

  it('demo accounts that are turned off are logged out on every instance', async () => {
    const own = await startTestApp({ mode, environment: { ACCESS_CHECK: 'streamed' } });
    const beside = await startTestApp({ mode, beside: own, environment: { ACCESS_CHECK: 'streamed' } });
    const { tokens } = await loginAs(own, 'teacher');
    await new ApiClient(beside.url, tokens).call('get', 'users/me').expect(200);
    await own.app.get(FirstAccounts).demo(false);
    expectProblem(await new ApiClient(beside.url, tokens).call('get', 'users/me'), 401, 'auth.session_revoked');
    const refused = await new ApiClient(own.url).call('post', 'auth/login', demoAccount('teacher'));
    expectProblem(refused, 401, 'auth.invalid_credentials');
    await beside.stop();
    await own.stop();
  });
});
