import { randomUUID } from 'node:crypto';
import { ApiClient, login, registerLearner, type Tokens } from '../support/api-client.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const USER_AGENTS: readonly (readonly [device: string, userAgent: string])[] = [
  ['Firefox on Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
  [
    'Chrome on Windows',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  ],
  [
    'Safari on iOS',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  ],
  ['curl', 'curl/8.5.0'],
  ['Unknown device', ''],
];

interface SessionBody {
  readonly id: string;
  readonly current: boolean;
  readonly device: { readonly name: string };
  readonly ip: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

const listOf = async (client: ApiClient) => {
  const { body } = await client.call('get', 'sessions').expect(200);
  return (body as { items: SessionBody[] }).items;
};

const idsOf = async (client: ApiClient) => (await listOf(client)).map(({ id }) => id);

describe.each(STORE_MODES)('sessions with %s stores', (mode) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode, environment: { SESSION_LIMIT: '3', TRUSTED_PROXIES: '127.0.0.1' } });
  });
  afterAll(() => app.stop());

  type Learner = Awaited<ReturnType<typeof registerLearner>>;
  const credentialsOf = ({ tokens, password }: Learner) => ({ email: tokens.user.email, password });
  const again = (learner: Learner) => login(app, credentialsOf(learner));
  const loginFrom = async (learner: Learner, headers: Record<string, string>) => {
    const call = new ApiClient(app.url).call('post', 'auth/login', credentialsOf(learner)).set(headers);
    return new ApiClient(app.url, (await call.expect(200)).body as Tokens);
  };
  const expectEnded = async (client: ApiClient & { readonly tokens?: Tokens }) => {
    expectProblem(await client.call('get', 'users/me'), 401, 'auth.session_revoked');
    const { refreshToken } = client.tokens as Tokens;
    const refused = await new ApiClient(app.url).call('post', 'auth/refresh', { refreshToken });
    expectProblem(refused, 401, 'auth.refresh_invalid');
  };
  const seenAgo = (client: ApiClient & { readonly tokens?: Tokens }, minutes: number) =>
    runSql(app.databaseUrl, `UPDATE sessions SET last_seen_at = now() - $2 * interval '1 min' WHERE id = $1`, [
      client.tokens?.session.id,
      minutes,
    ]);

  describe('the list', () => {
    it('has exactly the documented shape', async () => {
      const before = Date.now();
      const learner = await registerLearner(app);
      const { body, headers } = await learner.call('get', 'sessions').expect(200);
      expect(body).toEqual({
        items: [
          {
            id: learner.tokens.session.id,
            current: true,
            device: { name: expect.any(String) },
            ip: '127.0.0.1',
            createdAt: expect.stringMatching(RFC_3339),
            lastSeenAt: expect.stringMatching(RFC_3339),
          },
        ],
        nextCursor: null,
      });
      expect(headers['content-type']).toMatch(/^application\/json/);
      const [{ id, createdAt, lastSeenAt }] = body.items;
      expect(id).toMatch(UUID);
      expect(Math.abs(Date.parse(createdAt) - before)).toBeLessThan(5000);
      expect(Date.parse(lastSeenAt)).toBeGreaterThanOrEqual(Date.parse(createdAt));
    });

    it.each(USER_AGENTS)('names a device %s', async (name, userAgent) => {
      const client = await loginFrom(await registerLearner(app), { 'User-Agent': userAgent });
      const session = (await listOf(client)).find(({ current }) => current);
      expect(session?.device).toEqual({ name });
    });

    it('survives a hostile user agent', async () => {
      const learner = await registerLearner(app);
      const client = await loginFrom(learner, { 'User-Agent': `<script>${'x'.repeat(4000)}'; DROP TABLE sessions` });
      const session = (await listOf(client)).find(({ current }) => current);
      expect(session?.device.name.length).toBeLessThanOrEqual(80);
    });

    it("shows the client's address behind a trusted proxy", async () => {
      const learner = await registerLearner(app);
      const client = await loginFrom(learner, { 'X-Forwarded-For': '198.51.100.9, 203.0.113.7' });
      const session = (await listOf(learner)).find(({ id }) => id === client.tokens?.session.id);
      expect(session).toMatchObject({ ip: '203.0.113.7', current: false });
    });

    it('marks the session that asks, and shows only its own user', async () => {
      const one = await registerLearner(app);
      const two = await again(one);
      await registerLearner(app);
      for (const [client, own] of [
        [one, one.tokens.session.id],
        [two, two.tokens.session.id],
      ] as const) {
        const sessions = await listOf(client);
        expect(sessions.map(({ id }) => id).toSorted()).toEqual(
          [one.tokens.session.id, two.tokens.session.id].toSorted(),
        );
        expect(sessions.filter(({ current }) => current).map(({ id }) => id)).toEqual([own]);
      }
    });

    it('shows when and where a session was last used, at once, and that first', async () => {
      const one = await registerLearner(app);
      const two = await again(one);
      await Promise.all([seenAgo(one, 30), seenAgo(two, 20)]);
      const before = Date.now();
      await one.call('get', 'users/me').set('X-Forwarded-For', '192.0.2.44').expect(200);
      const sessions = await listOf(two);
      const used = sessions.find(({ id }) => id === one.tokens.session.id) as SessionBody;
      expect(used.ip).toBe('192.0.2.44');
      expect(Date.parse(used.lastSeenAt)).toBeGreaterThanOrEqual(before - 1);
    });

    it('keeps a session through refreshes', async () => {
      const { tokens } = await registerLearner(app);
      const { body } = await new ApiClient(app.url)
        .call('post', 'auth/refresh', { refreshToken: tokens.refreshToken })
        .expect(200);
      expect(await idsOf(new ApiClient(app.url, body as Tokens))).toEqual([tokens.session.id]);
    });

    it('does not show what has ended', async () => {
      const learner = await registerLearner(app);
      const [out, idle] = [await again(learner), await again(learner)];
      await out.call('post', 'auth/logout').expect(204);
      await runSql(app.databaseUrl, 'UPDATE sessions SET idle_until = now() WHERE id = $1', [idle.tokens.session.id]);
      expect(await idsOf(learner)).toEqual([learner.tokens.session.id]);
    });
  });

  describe('ending one', () => {
    it('ends it at once and takes it off the list', async () => {
      const learner = await registerLearner(app);
      const other = await again(learner);
      await other.call('get', 'users/me').expect(200);
      await learner.call('delete', `sessions/${other.tokens.session.id}`).expect(204, '');
      await expectEnded(other);
      expect(await idsOf(learner)).toEqual([learner.tokens.session.id]);
    });

    it('may be the one that asks', async () => {
      const learner = await registerLearner(app);
      await learner.call('delete', `sessions/${learner.tokens.session.id}`).expect(204);
      await expectEnded(learner);
    });

    it('answers 404 to one that has ended, does not exist, or is not mine, the same each time', async () => {
      const learner = await registerLearner(app);
      const other = await again(learner);
      const foreign = await registerLearner(app);
      await learner.call('delete', `sessions/${other.tokens.session.id}`).expect(204);
      const titles = new Set<unknown>();
      for (const id of [other.tokens.session.id, randomUUID(), foreign.tokens.session.id]) {
        const { title } = expectProblem(await learner.call('delete', `sessions/${id}`), 404, 'session.not_found');
        titles.add(title);
      }
      expect(titles.size).toBe(1);
      await foreign.call('get', 'users/me').expect(200);
    });

    it('answers 204 once when the same session is ended twice at once', async () => {
      const learner = await registerLearner(app);
      const other = await again(learner);
      const end = () => learner.call('delete', `sessions/${other.tokens.session.id}`);
      const responses = await Promise.all([end(), end(), end()]);
      expect(responses.map(({ status }) => String(status)).toSorted()).toEqual(['204', '404', '404']);
    });

    it.each(['x', '1', 'current', '%00', '00000000-0000-0000-0000', "1' OR '1'='1", '..%2fusers'])(
      'answers 400 to the id %s',
      async (id) => {
        const learner = await registerLearner(app);
        expectProblem(await learner.call('delete', `sessions/${encodeURI(id)}`), 400, 'request.invalid');
        await learner.call('get', 'users/me').expect(200);
      },
    );
  });

  describe('ending the others', () => {
    it('leaves the one that asks', async () => {
      const learner = await registerLearner(app);
      const others = [await again(learner), await again(learner)];
      const stranger = await registerLearner(app);
      for (const client of [learner, ...others]) await client.call('get', 'users/me').expect(200);
      await learner.call('delete', 'sessions?except=current').expect(204, '');
      for (const other of others) await expectEnded(other);
      expect(await idsOf(learner)).toEqual([learner.tokens.session.id]);
      await stranger.call('get', 'users/me').expect(200);
      await learner.call('delete', 'sessions?except=current').expect(204);
    });

    it.each([
      '',
      '?',
      '?except=',
      '?except=none',
      '?except=current&except=current',
      '?all=true',
      '?except=current&x=1',
    ])('answers 400 to "DELETE sessions%s" and ends nothing', async (query) => {
      const learner = await registerLearner(app);
      const other = await again(learner);
      expectProblem(await learner.call('delete', `sessions${query}`), 400, 'request.invalid');
      await learner.call('get', 'users/me').expect(200);
      await other.call('get', 'users/me').expect(200);
    });
  });

  describe('the limit of 3', () => {
    it('ends the session unused longest at the 4th login', async () => {
      const learner = await registerLearner(app);
      const [second, third] = [await again(learner), await again(learner)];
      await Promise.all([seenAgo(learner, 10), seenAgo(second, 30), seenAgo(third, 20)]);
      const fourth = await again(learner);
      await expectEnded(second);
      for (const alive of [learner, third, fourth]) await alive.call('get', 'users/me').expect(200);
      expect((await idsOf(fourth)).toSorted()).toEqual(
        [learner, third, fourth].map(({ tokens }) => tokens.session.id).toSorted(),
      );
    });

    it('counts a use that is not written to the ledger yet', async () => {
      const learner = await registerLearner(app);
      const [second, third] = [await again(learner), await again(learner)];
      await Promise.all([seenAgo(learner, 10), seenAgo(second, 30), seenAgo(third, 20)]);
      await second.call('get', 'exams').expect(200);
      const fourth = await again(learner);
      await expectEnded(third);
      for (const alive of [learner, second, fourth]) await alive.call('get', 'users/me').expect(200);
    });

    it('holds however many log in at once', async () => {
      const learner = await registerLearner(app);
      const clients = await Promise.all(Array.from({ length: 8 }, () => again(learner)));
      const answers = await Promise.all(clients.map((client) => client.call('get', 'users/me')));
      const alive = clients.filter((_, index) => answers[index]?.status === 200);
      expect(alive.length).toBeGreaterThan(0);
      expect(alive.length).toBeLessThanOrEqual(3);
      expect((await listOf(alive[0] as ApiClient)).length).toBe(alive.length);
    });
  });
});
