import { parseSetCookie } from 'cookie';
import type { Response } from 'supertest';
import { ApiClient, registerLearner, type Tokens } from '../support/api-client.js';
import { expectProblem } from '../support/problem.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const FRONT_END = 'https://app.school.example';
const PASSWORD = 'plum-kettle-94-river';
const NEW_PASSWORD = 'amber-violin-51-harbour';
const NAME = '__Host-refresh';

/** A browser's view of one answer: the body, and what it keeps of the cookie. */
function cookieOf({ headers }: Response): string | undefined {
  const cookies = ((headers['set-cookie'] ?? []) as unknown as string[]).map((header) => parseSetCookie(header));
  expect(cookies.length).toBeLessThanOrEqual(2);
  return cookies.find(({ name }) => name === NAME)?.value;
}

describe.each(STORE_MODES)('the refresh cookie with %s stores', (mode) => {
  let app: TestApp;
  let anyone: ApiClient;
  let addresses = 0;
  beforeAll(async () => {
    app = await startTestApp({ mode, environment: { CORS_ALLOWED_ORIGINS: FRONT_END } });
    anyone = new ApiClient(app.url);
  });
  afterAll(() => app.stop());

  const newAccount = () => {
    addresses += 1;
    return { email: `cookie-${addresses}@example.org`, password: PASSWORD };
  };
  const loggedIn = async () => {
    const account = newAccount();
    await anyone.call('post', 'auth/register', account).expect(201);
    const answer = await anyone.call('post', 'auth/login', { ...account, transport: 'cookie' }).expect(200);
    return { account, cookie: cookieOf(answer) as string, tokens: answer.body as Tokens };
  };
  /** As a page of the front end has its browser send it. */
  const withCookie = (path: string, cookie: string, origin: string | undefined = FRONT_END) => {
    const call = anyone.call('post', path).set('Cookie', `theme=dark; ${NAME}=${cookie}; other=1`);
    return origin === '' ? call : call.set('Origin', origin);
  };
  const me = (accessToken: string) => anyone.call('get', 'users/me').set('Authorization', `Bearer ${accessToken}`);

  it.each(['auth/login', 'auth/register'])(
    'is what %s gives instead of a token in the body, to who asks',
    async (path) => {
      const account = newAccount();
      if (path === 'auth/login') await anyone.call('post', 'auth/register', account).expect(201);
      const answer = await anyone.call('post', path, { ...account, transport: 'cookie' });
      expect(answer.body).toMatchObject({ refreshToken: null, accessToken: expect.stringMatching(/^[\w-]+\./) });
      const [header = ''] = answer.headers['set-cookie'] as unknown as string[];
      expect(parseSetCookie(header)).toEqual({
        name: NAME,
        value: expect.stringMatching(/^rt1\./),
        maxAge: 14 * 86_400,
        path: '/',
        httpOnly: true,
        secure: true,
        sameSite: 'strict',
      });
      expect(answer.text).not.toContain('rt1.');
      expect(answer.headers['cache-control']).toBe('no-store');
    },
  );

  it('comes to nobody who did not ask', async () => {
    const answer = await anyone.call('post', 'auth/register', newAccount()).expect(201);
    expect(cookieOf(answer)).toBeUndefined();
    const { body } = answer;
    const renewed = await anyone.call('post', 'auth/refresh', { refreshToken: body.refreshToken }).expect(200);
    expect(cookieOf(renewed)).toBeUndefined();
    expect(renewed.body.refreshToken).toMatch(/^rt1\./);
  });

  it('is changed for its successor, which lost replies and two tabs get again', async () => {
    const { cookie, tokens } = await loggedIn();
    const answers = await Promise.all([1, 2, 3].map(() => withCookie('auth/refresh', cookie)));
    for (const answer of answers) expect(answer.status).toBe(200);
    const successors = new Set(answers.map(cookieOf));
    expect(successors.size).toBe(1);
    expect(successors).not.toContain(cookie);
    for (const { body } of answers) {
      expect(body).toMatchObject({ refreshToken: null, session: tokens.session });
      await me(body.accessToken).expect(200);
    }
  });

  describe('is good only with an Origin that is ours', () => {
    it.each([
      ['the front end', FRONT_END],
      ['the server itself', 'self'],
    ])('%s', async (_, origin) => {
      const { cookie } = await loggedIn();
      await withCookie('auth/refresh', cookie, origin === 'self' ? app.url : origin).expect(200);
    });

    it.each([
      ['another host of the same site', 'https://evil.school.example'],
      ['another site', 'https://evil.example'],
      ['one that begins like ours', `${FRONT_END}.evil.example`],
      ['an opaque one', 'null'],
      ['one that is no origin', 'evil'],
      ['none', ''],
    ])('not %s, and nothing happens', async (_, origin) => {
      const { cookie, tokens } = await loggedIn();
      for (const path of ['auth/refresh', 'auth/revoke']) {
        const refused = await withCookie(path, cookie, origin);
        expectProblem(refused, 403, 'auth.origin_refused');
        expect(cookieOf(refused)).toBeUndefined();
      }
      await me(tokens.accessToken).expect(200);
      expect((await withCookie('auth/refresh', cookie)).status).toBe(200);
    });
  });

  it('gives way to a token in the body', async () => {
    const { cookie } = await loggedIn();
    const { tokens } = await registerLearner(app);
    const answer = await withCookie('auth/refresh', cookie, '').send({ refreshToken: tokens.refreshToken }).expect(200);
    expect(answer.body.session).toEqual(tokens.session);
    expect(cookieOf(answer)).toBeUndefined();
  });

  it.each([
    ['nothing', undefined],
    ['an empty body', {}],
  ])('is asked for where %s is sent', async (_, body) => {
    for (const path of ['auth/refresh', 'auth/revoke']) {
      expectProblem(await anyone.call('post', path, body).set('Origin', FRONT_END), 400, 'auth.refresh_missing');
    }
    expectProblem(await withCookie('auth/refresh', ''), 400, 'auth.refresh_missing');
  });

  it('that is not good is refused as a token in the body is', async () => {
    const { cookie } = await loggedIn();
    for (const bad of ['x', `${cookie}x`, encodeURIComponent('rt1.0.\u0000'), '%', 'rt1.0.'.repeat(500)]) {
      expectProblem(await withCookie('auth/refresh', bad), 401, 'auth.refresh_invalid');
    }
  });

  it('is forgotten at logout, here and everywhere', async () => {
    for (const path of ['auth/logout', 'auth/logout-all']) {
      const { cookie, tokens } = await loggedIn();
      const answer = await withCookie(path, cookie).set('Authorization', `Bearer ${tokens.accessToken}`).expect(204);
      const [header = ''] = answer.headers['set-cookie'] as unknown as string[];
      expect(parseSetCookie(header)).toMatchObject({ name: NAME, value: '', maxAge: 0, path: '/', secure: true });
      expectProblem(await withCookie('auth/refresh', cookie), 401, 'auth.refresh_invalid');
    }
  });

  it('follows a change of the password, unless told otherwise', async () => {
    const { cookie, tokens } = await loggedIn();
    const change = (token: string, from: string, to: string, more: object = {}) =>
      withCookie('auth/password/change', cookie)
        .set('Authorization', `Bearer ${token}`)
        .send({ currentPassword: from, newPassword: to, ...more });
    const changed = await change(tokens.accessToken, PASSWORD, NEW_PASSWORD).expect(200);
    expect(changed.body.refreshToken).toBeNull();
    expectProblem(await withCookie('auth/refresh', cookie), 401, 'auth.refresh_invalid');
    const renewed = await withCookie('auth/refresh', cookieOf(changed) as string).expect(200);
    const { body } = await change(renewed.body.accessToken, NEW_PASSWORD, PASSWORD, { transport: 'body' }).expect(200);
    await anyone.call('post', 'auth/refresh', { refreshToken: body.refreshToken }).expect(200);
  });

  describe('revoking', () => {
    it('ends the session without an access token, from the cookie or the body', async () => {
      const { cookie, tokens } = await loggedIn();
      const answer = await withCookie('auth/revoke', cookie).expect(204, '');
      expect(cookieOf(answer)).toBe('');
      expectProblem(await me(tokens.accessToken), 401, 'auth.session_revoked');
      const { tokens: other } = await registerLearner(app);
      await anyone.call('post', 'auth/revoke', { refreshToken: other.refreshToken }).expect(204, '');
      expectProblem(await me(other.accessToken), 401, 'auth.session_revoked');
    });

    it('takes an old token of the session, too', async () => {
      const { tokens } = await registerLearner(app);
      const { body } = await anyone.call('post', 'auth/refresh', { refreshToken: tokens.refreshToken }).expect(200);
      await anyone.call('post', 'auth/revoke', { refreshToken: tokens.refreshToken }).expect(204);
      expectProblem(await me(body.accessToken), 401, 'auth.session_revoked');
    });

    it('of a token that is not good changes nothing, and says so to nobody', async () => {
      const { tokens } = await registerLearner(app);
      const forged = `${tokens.refreshToken.slice(0, -1)}${tokens.refreshToken.endsWith('A') ? 'B' : 'A'}`;
      for (const refreshToken of ['x', forged, tokens.accessToken]) {
        await anyone.call('post', 'auth/revoke', { refreshToken }).expect(204, '');
      }
      await me(tokens.accessToken).expect(200);
      for (let time = 0; time < 2; time += 1) {
        await anyone.call('post', 'auth/revoke', { refreshToken: tokens.refreshToken }).expect(204, '');
      }
    });
  });
});
