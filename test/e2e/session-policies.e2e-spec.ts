import { ApiClient, login, loginAs, registerLearner, type Tokens } from '../support/api-client.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { demoAccount, startTestApp, type TestApp } from '../support/test-app.js';

const DAY_MS = 86_400_000;
const refresh = ({ url }: TestApp, { refreshToken }: Tokens) =>
  new ApiClient(url).call('post', 'auth/refresh', { refreshToken });
const statuses = async (clients: readonly ApiClient[]) =>
  Promise.all(clients.map(async (client) => (await client.call('get', 'users/me')).status));
const about = (value: number, expected: number) => {
  expect(value).toBeLessThanOrEqual(expected);
  expect(value).toBeGreaterThan(expected - 60_000);
};

describe('session policies by role', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({
      mode: 'memory',
      environment: {
        REFRESH_TOKEN_IDLE_TTL: '10d',
        REFRESH_TOKEN_GRACE: '30s',
        SESSION_POLICIES: 'admin:idle=1h,absolute=2h,limit=1,grace=0s;teacher:idle=20d,limit=2',
      },
    });
  });
  afterAll(() => app.stop());

  /** Milliseconds that a session has left, if unused and however used. */
  const left = async ({ session }: Tokens) => {
    const [row] = await runSql<{ idle: number; absolute: number }>(
      app.databaseUrl,
      `SELECT extract(epoch FROM idle_until - now())::float8 * 1000 AS idle,
         extract(epoch FROM absolute_until - now())::float8 * 1000 AS absolute FROM sessions WHERE id = $1`,
      [session.id],
    );
    return row as { idle: number; absolute: number };
  };
  const age = ({ session }: Tokens, ms: number) =>
    runSql(
      app.databaseUrl,
      `UPDATE sessions SET idle_until = idle_until - $2 * interval '1 ms', rotated_at = rotated_at - $2 * interval '1 ms',
         absolute_until = absolute_until - $2 * interval '1 ms' WHERE id = $1`,
      [session.id, ms],
    );

  it('give each role its lifetimes, at login and at each refresh', async () => {
    for (const [client, idleMs] of [
      [await registerLearner(app), 10 * DAY_MS],
      [await loginAs(app, 'teacher'), 20 * DAY_MS],
      [await loginAs(app, 'admin'), 3_600_000],
    ] as const) {
      about((await left(client.tokens)).idle, idleMs);
      await age(client.tokens, 1_800_000);
      about((await left(client.tokens)).idle, idleMs - 1_800_000);
      const { body } = await refresh(app, client.tokens).expect(200);
      about((await left(body as Tokens)).idle, idleMs);
    }
  });

  it('never let idle time outlast the absolute end', async () => {
    const { tokens } = await loginAs(app, 'admin');
    await age(tokens, 3_500_000);
    const { body: second } = await refresh(app, tokens).expect(200);
    await age(second, 3_400_000);
    const { body: third } = await refresh(app, second).expect(200);
    const { idle, absolute } = await left(third);
    expect(idle).toBe(absolute);
    expect(absolute).toBeLessThan(310_000);
    expect(third.expiresIn).toBeLessThanOrEqual(300);
    await age(third, 310_000);
    expectProblem(await refresh(app, third), 401, 'auth.refresh_invalid');
  });

  it('bound the number of sessions of each role', async () => {
    const [teacher, admin] = [demoAccount('teacher'), demoAccount('admin')];
    const admins = [await login(app, admin), await login(app, admin)];
    const teachers = [await login(app, teacher), await login(app, teacher), await login(app, teacher)];
    expect(await statuses(admins)).toEqual([401, 200]);
    expect(await statuses(teachers)).toEqual([401, 200, 200]);
  });

  it('say how long a replaced token still gets the same successor', async () => {
    for (const [role, status] of [
      ['learner', 200],
      ['admin', 401],
    ] as const) {
      const { tokens } = await loginAs(app, role);
      const { body: next } = await refresh(app, tokens).expect(200);
      await refresh(app, next).expect(200);
      // Two generations old: reuse for everyone.
      const other = await loginAs(app, role);
      const { body: successor } = await refresh(app, other.tokens).expect(200);
      // The successor is in use, so only the grace is left.
      await runSql(app.databaseUrl, 'UPDATE sessions SET confirmed_generation = generation WHERE id = $1', [
        successor.session.id,
      ]);
      await age(successor, 5000);
      const again = await refresh(app, other.tokens);
      expect(again.status).toBe(status);
      if (status === 401) expectProblem(again, 401, 'auth.refresh_reused');
      else expect(again.body.refreshToken).toBe(successor.refreshToken);
      expectProblem(await refresh(app, tokens), 401, role === 'admin' ? 'auth.refresh_invalid' : 'auth.refresh_reused');
    }
  });

  it('hold for a session as they were when it was opened', async () => {
    const { tokens } = await loginAs(app, 'teacher');
    const other = await startTestApp({
      mode: 'memory',
      environment: { SESSION_POLICIES: 'teacher:idle=1h' },
      beside: app,
    });
    const { body } = await refresh(other, tokens).expect(200);
    about((await left(body)).idle, 20 * DAY_MS);
    const { tokens: later } = await loginAs(other, 'teacher');
    about((await left(later)).idle, 3_600_000);
    await other.stop();
  });
});

describe('an access token', () => {
  it('lives no longer than its session', async () => {
    const app = await startTestApp({ mode: 'memory', environment: { SESSION_POLICIES: 'learner:absolute=90s' } });
    const { tokens } = await registerLearner(app);
    expect((tokens as { expiresIn?: number }).expiresIn).toBe(90);
    await app.stop();
  });
});
