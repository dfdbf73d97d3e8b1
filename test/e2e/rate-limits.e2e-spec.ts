import { ApiClient, loginAs } from '../support/api-client.js';
import { expectProblem } from '../support/problem.js';
import { STORE_MODES, startTestApp, type TestApp } from '../support/test-app.js';

const ENVIRONMENT = {
  RATE_LIMIT_REQUESTS: '0.01',
  RATE_LIMIT_BURST: '3',
  RATE_LIMIT_POLICIES:
    'anonymous:requests=0.01,burst=2;admin:requests=0.01,burst=12;answers:requests=0.02,burst=4;reports:requests=0.05,burst=9',
  RATE_LIMIT_ALLOWED: '192.0.2.0/24, 2001:db8::/32',
  TRUSTED_PROXIES: '127.0.0.1',
};

const statuses = async (times: number, ask: () => Promise<{ readonly status: number }>) => {
  const all: number[] = [];
  while (all.length < times) all.push((await ask()).status);
  return all;
};

describe.each(STORE_MODES)('rate limits by caller and group of routes (%s)', (mode) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode, environment: ENVIRONMENT });
  });
  afterAll(() => app.stop());

  const guess = (ip: string) =>
    new ApiClient(app.url).call('post', 'auth/refresh', { refreshToken: 'x' }).set('X-Forwarded-For', ip);

  let addresses = 0;
  /** A call from an address of its own. */
  const elsewhere = () => `203.0.113.${(addresses += 1)}`;
  const learner = async () => {
    const ip = elsewhere();
    const { body } = await new ApiClient(app.url)
      .call('post', 'auth/register', { email: `${ip}-${Date.now()}@example.org`, password: 'plum-kettle-94-river' })
      .set('X-Forwarded-For', ip)
      .expect(201);
    return new ApiClient(app.url, body);
  };
  it('count for who is not logged in by what is said of them', async () => {
    const ip = elsewhere();
    const ask = () => guess(ip);
    const { headers } = await ask();
    expect(headers['ratelimit-policy']).toBe('"default";q=2;w=200');
    expect(await statuses(2, ask)).toEqual([401, 429]);
  });

  it('count for a role by what is said of it, and for the others by the rest', async () => {
    const one = await learner();
    const { headers } = await one.call('get', 'users/me').expect(200);
    expect(headers).toMatchObject({ 'ratelimit-policy': '"default";q=3;w=300', ratelimit: '"default";r=2;t=100' });
    expect(await statuses(3, () => one.call('get', 'users/me'))).toEqual([200, 200, 429]);
    const admin = await loginAs(app, 'admin');
    const answer = await admin.call('get', 'users/me').expect(200);
    expect(answer.headers['ratelimit-policy']).toBe('"default";q=12;w=1200');
  });

  it('leave answers room of their own, whatever else a page does', async () => {
    const one = await learner();
    expect(await statuses(4, () => one.call('get', 'users/me'))).toEqual([200, 200, 200, 429]);
    const save = () =>
      one.call('put', 'attempts/00000000-0000-4000-8000-000000000000/answers', {
        requestId: '00000000-0000-4000-8000-000000000001',
        revision: 0,
        answers: [{ number: 1, choice: 'A' }],
      });
    const { headers, status } = await save();
    expect({ status, policy: headers['ratelimit-policy'] }).toEqual({ status: 404, policy: '"answers";q=4;w=200' });
    expect(await statuses(4, save)).toEqual([404, 404, 404, 429]);
  });

  it('take more for what costs more', async () => {
    const admin = await loginAs(app, 'admin');
    const { headers } = await admin.call('get', 'admin/session-analytics/summary').expect(200);
    expect(headers['ratelimit']).toBe('"reports";r=4;t=100');
    expectProblem(await admin.call('get', 'admin/session-analytics/summary'), 429, 'rate_limit.exceeded');
  });

  it('do not count who is on the list', async () => {
    for (const ip of ['192.0.2.77', '2001:db8:7::1']) {
      expect(await statuses(5, () => guess(ip))).toEqual([401, 401, 401, 401, 401]);
    }
    expect((await guess('192.0.2.77')).headers['ratelimit']).toBeUndefined();
    expect(await statuses(3, () => guess('192.0.3.77'))).toEqual([401, 401, 429]);
  });

  it('take nothing for a token that was revoked', async () => {
    const one = await learner();
    const other = new ApiClient(app.url, one.tokens);
    await one.call('get', 'users/me').expect(200);
    await one.call('post', 'auth/logout').expect(204);
    expect(await statuses(6, () => other.call('get', 'users/me'))).toEqual([401, 401, 401, 401, 401, 401]);
  });
});
