import { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, type JSONWebKeySet } from 'jose';
import { ApiClient, login, registerLearner, type Tokens } from '../support/api-client.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';
import { TokenForge } from '../support/token-forge.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const PASSWORD = 'plum-kettle-94-river';
const RACES = 100;

/** What every refresh answers; nothing more. */
const REFRESHED_SHAPE = {
  accessToken: expect.stringMatching(JWT),
  refreshToken: expect.stringMatching(/^rt1\.0\.[\w-]{70}$/),
  tokenType: 'Bearer',
  expiresIn: expect.any(Number),
  session: { id: expect.stringMatching(UUID_V7) },
  user: {
    id: expect.stringMatching(UUID_V7),
    email: expect.any(String),
    displayName: expect.any(String),
    roles: ['learner'],
    emailVerified: false,
    createdAt: expect.stringMatching(RFC_3339),
  },
};
/** What every login and registration answers; nothing more. */
const TOKENS_SHAPE = { ...REFRESHED_SHAPE, deviceToken: expect.stringMatching(/^d1\.[\w-]{48}$/) };

let addresses = 0;
function newAddress(): string {
  addresses += 1;
  return `auth-${process.pid}-${Date.now()}-${addresses}@example.org`;
}

const bytesOf = ({ tokens }: { tokens: Tokens }) => Buffer.from(tokens.refreshToken.slice(6), 'base64url');

describe.each(STORE_MODES)('auth with %s stores', (mode) => {
  let app: TestApp;
  let anyone: ApiClient;
  beforeAll(async () => {
    app = await startTestApp({ mode });
    anyone = new ApiClient(app.url);
  });
  afterAll(() => app.stop());

  const register = (body: object) => anyone.call('post', 'auth/register', body);
  const refresh = (refreshToken: unknown) => anyone.call('post', 'auth/refresh', { refreshToken });
  const refreshed = async (refreshToken: string) => (await refresh(refreshToken).expect(200)).body as Tokens;
  const me = (accessToken: string) => anyone.call('get', 'users/me').set('Authorization', `Bearer ${accessToken}`);
  const disable = (id: string) =>
    runSql(app.databaseUrl, `UPDATE users SET status = 'disabled', auth_epoch = auth_epoch + 1 WHERE id = $1`, [id]);
  const expectDead = async ({ accessToken, refreshToken }: Tokens) => {
    expectProblem(await me(accessToken), 401, 'auth.session_revoked');
    expectProblem(await refresh(refreshToken), 401, 'auth.refresh_invalid');
  };
  const expectAlive = async ({ accessToken, refreshToken }: Tokens) => {
    await me(accessToken).expect(200);
    await refresh(refreshToken).expect(200);
  };

  describe('register', () => {
    it('answers tokens, session and user, and the account is logged in', async () => {
      const email = newAddress();
      const response = await register({ email, password: PASSWORD, displayName: 'Mei Tanaka' }).expect(201);
      expect(response.body).toEqual(TOKENS_SHAPE);
      expect(response.body.user).toMatchObject({ email, displayName: 'Mei Tanaka' });
      expect(response.headers['cache-control']).toBe('no-store');
      const { body } = await me(response.body.accessToken).expect(200);
      expect(body).toEqual(response.body.user);
    });

    it('names the account after its address unless told otherwise', async () => {
      const email = newAddress();
      const { body } = await register({ email, password: PASSWORD }).expect(201);
      expect(body.user.displayName).toBe(email.split('@')[0]);
    });

    it.each(['田中 芽衣', 'Zoë Ångström', 'محمد', '👩🏽‍🏫 Ms. Lee', 'a'.repeat(100)])(
      'keeps the display name %s as it is',
      async (displayName) => {
        const { body } = await register({ email: newAddress(), password: PASSWORD, displayName }).expect(201);
        expect(body.user.displayName).toBe(displayName);
        expect((await me(body.accessToken)).body.displayName).toBe(displayName);
      },
    );

    it('trims the display name', async () => {
      const { body } = await register({ email: newAddress(), password: PASSWORD, displayName: '  Mei  ' }).expect(201);
      expect(body.user.displayName).toBe('Mei');
    });

    it('takes addresses that differ in case for the same', async () => {
      const email = newAddress();
      const { body } = await register({ email: email.toUpperCase(), password: PASSWORD }).expect(201);
      expect(body.user.email).toBe(email);
      expectProblem(await register({ email, password: PASSWORD }), 409, 'user.email_taken');
      await login(app, { email: email.replace('auth', 'AuTh'), password: PASSWORD });
    });

    it('makes one account when the same address is registered at once', async () => {
      const email = newAddress();
      const responses = await Promise.all(Array.from({ length: 5 }, () => register({ email, password: PASSWORD })));
      expect(responses.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409', '409', '409', '409']);
    });

    it.each(['password123', '12345678', 'aaaaaaaaaa', 'qwertyuiop', 'toeic-2026'])(
      'refuses the easily guessed password %s',
      async (password) => {
        expectProblem(await register({ email: newAddress(), password }), 422, 'auth.weak_password');
      },
    );

    it('refuses the address as password', async () => {
      const email = newAddress();
      expectProblem(await register({ email, password: email }), 422, 'auth.weak_password');
    });

    it('names every member that is wrong', async () => {
      const response = await register({ email: 'nobody', password: 'short', displayName: ' ' });
      const { errors } = expectProblem(response, 400, 'request.invalid') as { errors: { path: string }[] };
      expect(errors.map(({ path }) => path).toSorted()).toEqual(['displayName', 'email', 'password']);
    });

    it.each([
      ['no body', undefined],
      ['an array', []],
      ['an unknown member', { email: 'x@example.org', password: PASSWORD, roles: ['admin'] }],
      ['a number for the address', { email: 7, password: PASSWORD }],
      ['null for the password', { email: 'x@example.org', password: null }],
      ['a password of 201 characters', { email: 'x@example.org', password: 'ab1-'.repeat(50).concat('x') }],
      ['a name of 101 characters', { email: 'x@example.org', password: PASSWORD, displayName: 'a'.repeat(101) }],
      ['an address of 255 characters', { email: `${'a'.repeat(243)}@example.org`, password: PASSWORD }],
      ['a name with a NUL', { email: 'x@example.org', password: PASSWORD, displayName: 'a\0b' }],
    ])('answers 400 to %s', async (_, body) => {
      const response = await anyone.call('post', 'auth/register', body);
      expectProblem(response, 400, 'request.invalid');
    });
  });

  describe('login', () => {
    it('answers the documented tokens, on a session of its own', async () => {
      const learner = await registerLearner(app);
      const { email } = learner.tokens.user;
      const response = await anyone.call('post', 'auth/login', { email, password: learner.password }).expect(200);
      expect(response.body).toEqual(TOKENS_SHAPE);
      expect(response.body.session.id).not.toBe(learner.tokens.session.id);
      expect(response.headers['cache-control']).toBe('no-store');
    });

    it('gives access tokens a life of ten minutes, less up to a tenth', async () => {
      const { tokens } = await registerLearner(app);
      const { claims } = new TokenForge(app, tokens.accessToken);
      const { expiresIn } = tokens as Tokens & { expiresIn: number };
      expect(expiresIn).toBeGreaterThanOrEqual(540);
      expect(expiresIn).toBeLessThanOrEqual(600);
      expect((claims.exp as number) - (claims.iat as number)).toBe(expiresIn);
    });

    it('says the same of an unknown address and of a wrong password', async () => {
      const { tokens } = await registerLearner(app);
      const [wrong, unknown] = await Promise.all([
        anyone.call('post', 'auth/login', { email: tokens.user.email, password: 'not-the-password-1' }),
        anyone.call('post', 'auth/login', { email: newAddress(), password: 'not-the-password-1' }),
      ]);
      const { requestId: _one, ...wrongProblem } = expectProblem(wrong, 401, 'auth.invalid_credentials');
      const { requestId: _two, ...unknownProblem } = expectProblem(unknown, 401, 'auth.invalid_credentials');
      expect(wrongProblem).toEqual(unknownProblem);
    });

    it('takes a password however the keyboard composed it', async () => {
      const email = newAddress();
      await register({ email, password: 'café-über-naïve-94'.normalize('NFC') }).expect(201);
      await login(app, { email, password: 'café-über-naïve-94'.normalize('NFD') });
    });

    it('refuses unknown members', async () => {
      const body = { email: newAddress(), password: PASSWORD, remember: true };
      expectProblem(await anyone.call('post', 'auth/login', body), 400, 'request.invalid');
    });
  });

  describe('refresh', () => {
    it('answers new tokens for the same session and account', async () => {
      const { tokens } = await registerLearner(app);
      const response = await refresh(tokens.refreshToken).expect(200);
      expect(response.body).toEqual(REFRESHED_SHAPE);
      expect(response.headers['cache-control']).toBe('no-store');
      const { refreshToken, accessToken, session, user } = response.body as Tokens;
      expect({ session, user }).toEqual({ session: tokens.session, user: tokens.user });
      expect(refreshToken).not.toBe(tokens.refreshToken);
      expect(accessToken).not.toBe(tokens.accessToken);
      await me(accessToken).expect(200);
      await me(tokens.accessToken).expect(200);
    });

    it('gives the same successor when the reply was lost', async () => {
      const { tokens } = await registerLearner(app);
      const first = await refreshed(tokens.refreshToken);
      const second = await refreshed(tokens.refreshToken);
      expect(second.refreshToken).toBe(first.refreshToken);
      await me(second.accessToken).expect(200);
      await refreshed(second.refreshToken);
    });

    it('gives one successor to 20 refreshes at once', async () => {
      const { tokens } = await registerLearner(app);
      const answers = await Promise.all(Array.from({ length: 20 }, () => refreshed(tokens.refreshToken)));
      expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
      await Promise.all(answers.map(({ accessToken }) => me(accessToken).expect(200)));
    });

    it('ends the session when a token two generations old comes back, and no other session', async () => {
      const learner = await registerLearner(app);
      const other = await login(app, { email: learner.tokens.user.email, password: learner.password });
      const second = await refreshed(learner.tokens.refreshToken);
      const third = await refreshed(second.refreshToken);
      expectProblem(await refresh(learner.tokens.refreshToken), 401, 'auth.refresh_reused');
      await expectDead(third);
      expectProblem(await me(learner.tokens.accessToken), 401, 'auth.session_revoked');
      expectProblem(await refresh(learner.tokens.refreshToken), 401, 'auth.refresh_invalid');
      await expectAlive(other.tokens);
    });

    it('ends the session for a predecessor that comes back late, once its successor was used', async () => {
      const { tokens } = await registerLearner(app);
      const second = await refreshed(tokens.refreshToken);
      await runSql(
        app.databaseUrl,
        `UPDATE sessions SET rotated_at = now() - interval '31 s', confirmed_generation = generation WHERE id = $1`,
        [tokens.session.id],
      );
      expectProblem(await refresh(tokens.refreshToken), 401, 'auth.refresh_reused');
      await expectDead(second);
    });

    it('gives the same successor late when nobody ever used it', async () => {
      const { tokens } = await registerLearner(app);
      const second = await refreshed(tokens.refreshToken);
      await runSql(app.databaseUrl, `UPDATE sessions SET rotated_at = now() - interval '23 h' WHERE id = $1`, [
        tokens.session.id,
      ]);
      expect((await refreshed(tokens.refreshToken)).refreshToken).toBe(second.refreshToken);
    });

    it.each(['idle_until', 'absolute_until'])('refuses a session past its %s', async (limit) => {
      const { tokens } = await registerLearner(app);
      await runSql(app.databaseUrl, `UPDATE sessions SET ${limit} = now() - interval '1 s' WHERE id = $1`, [
        tokens.session.id,
      ]);
      await expectDead(tokens);
    });

    it.each([
      'garbage',
      'rt1.0.',
      'rt1.0.AAAA',
      `rt1.0.${'A'.repeat(70)}`,
      `rt2.0.${'A'.repeat(70)}`,
      `rt1.0.${'\u{1F600}'.repeat(35)}`,
    ])('refuses the made-up token %s', async (token) => {
      expectProblem(await refresh(token), 401, 'auth.refresh_invalid');
    });

    it('refuses a token that was cut short or changed in any place', async () => {
      const { tokens } = await registerLearner(app);
      const { refreshToken: token } = tokens;
      const changed = [6, 20, 27, 28, 30, 33, 34, 50, 70, token.length - 1].map(
        (at) => token.slice(0, at) + (token[at] === 'B' ? 'C' : 'B') + token.slice(at + 1),
      );
      const lastBits = token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1);
      const others = [token.slice(0, -1), token.slice(0, 40), `${token}A`, `${token}!`, `${token}=`, ` ${token}`];
      for (const tampered of [...changed, lastBits, ...others]) {
        expectProblem(await refresh(tampered), 401, 'auth.refresh_invalid');
      }
      await expectAlive(tokens);
    });

    it('refuses a token whose members belong to different sessions', async () => {
      const [one, two] = await Promise.all([registerLearner(app), registerLearner(app)]);
      const mixed = Buffer.concat([bytesOf(one).subarray(0, 20), bytesOf(two).subarray(20)]).toString('base64url');
      expectProblem(await refresh(`rt1.0.${mixed}`), 401, 'auth.refresh_invalid');
      await expectAlive(one.tokens);
      await expectAlive(two.tokens);
    });

    it.each([null, 7, '', ['x']])('answers 400 to the refresh token %j', async (refreshToken) => {
      expectProblem(await refresh(refreshToken), 400, 'request.invalid');
    });

    it('keeps refresh and access tokens apart', async () => {
      const { tokens } = await registerLearner(app);
      expectProblem(await me(tokens.refreshToken), 401, 'auth.token_invalid');
      expectProblem(await refresh(tokens.accessToken), 401, 'auth.refresh_invalid');
      await expectAlive(tokens);
    });
  });

  describe('logout', () => {
    it('ends the session at once, and no other', async () => {
      const learner = await registerLearner(app);
      const other = await login(app, { email: learner.tokens.user.email, password: learner.password });
      await learner.call('get', 'users/me').expect(200);
      await learner.call('post', 'auth/logout').expect(204, '');
      await expectDead(learner.tokens);
      expectProblem(await learner.call('post', 'auth/logout'), 401, 'auth.session_revoked');
      await expectAlive(other.tokens);
    });

    it('reaches tokens of every generation of the session', async () => {
      const learner = await registerLearner(app);
      const next = await refreshed(learner.tokens.refreshToken);
      await Promise.all([me(next.accessToken).expect(200), me(learner.tokens.accessToken).expect(200)]);
      await learner.call('post', 'auth/logout').expect(204);
      await expectDead(next);
      await expectDead(learner.tokens);
    });

    it('leaves no request let in after the answer, however many are in flight', async () => {
      const learner = await registerLearner(app);
      const before = Array.from({ length: 20 }, () => learner.call('get', 'users/me').then(({ status }) => status));
      await learner.call('post', 'auth/logout').expect(204);
      const after = await Promise.all(Array.from({ length: 20 }, () => learner.call('get', 'users/me')));
      expect(new Set(after.map(({ status }) => status))).toEqual(new Set([401]));
      for (const status of await Promise.all(before)) expect([200, 401]).toContain(status);
    });
  });

  describe('logout-all', () => {
    it('ends every device, and a new login works', async () => {
      const learner = await registerLearner(app);
      const credentials = { email: learner.tokens.user.email, password: learner.password };
      const devices = [learner, await login(app, credentials), await login(app, credentials)];
      for (const device of devices) await device.call('get', 'users/me').expect(200);
      await learner.call('post', 'auth/logout-all').expect(204, '');
      for (const { tokens } of devices) await expectDead(tokens);
      await expectAlive((await login(app, credentials)).tokens);
    });

    it('does not touch anybody else', async () => {
      const [one, two] = await Promise.all([registerLearner(app), registerLearner(app)]);
      await one.call('post', 'auth/logout-all').expect(204);
      await expectAlive(two.tokens);
    });

    it(`is never survived by a refresh in flight (${RACES} races)`, async () => {
      const learner = await registerLearner(app);
      const credentials = { email: learner.tokens.user.email, password: learner.password };
      let granted = 0;
      for (let round = 0; round < RACES; round += 1) {
        const { tokens } = await login(app, credentials);
        const logoutAll = () =>
          anyone.call('post', 'auth/logout-all').set('Authorization', `Bearer ${tokens.accessToken}`).expect(204);
        const started = [() => refresh(tokens.refreshToken), logoutAll, () => refresh(tokens.refreshToken)];
        const responses = await Promise.all((round % 2 === 0 ? started : started.toReversed()).map((start) => start()));
        const survivors = responses.filter(({ status }) => status === 200).map(({ body }) => body as Tokens);
        granted += survivors.length;
        for (const pair of [tokens, ...survivors]) await expectDead(pair);
      }
      expect(granted).toBeGreaterThan(0);
    });
  });

  describe('keys', () => {
    it('publishes public members only, with which tokens verify', async () => {
      const { tokens } = await registerLearner(app);
      const response = await fetch(`${app.url}/.well-known/jwks.json`);
      expect(response.headers.get('cache-control')).toBe('public, max-age=15');
      const jwks = (await response.json()) as JSONWebKeySet;
      for (const key of jwks.keys) {
        expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      }
      const { payload, protectedHeader } = await jwtVerify(tokens.accessToken, createLocalJWKSet(jwks), {
        issuer: 'mockingbird',
        audience: 'mockingbird-api',
        typ: 'at+jwt',
        algorithms: ['ES256'],
      });
      expect(Object.keys(protectedHeader).toSorted()).toEqual(['alg', 'kid', 'typ']);
      expect(payload).toEqual({
        iss: 'mockingbird',
        aud: 'mockingbird-api',
        sub: tokens.user.id,
        sid: tokens.session.id,
        jti: expect.any(String),
        iat: expect.any(Number),
        exp: expect.any(Number),
        ep: 0,
        rg: 0,
        roles: ['learner'],
      });
    });
  });

  describe('access tokens', () => {
    let tokens: Tokens;
    let forge: TokenForge;
    beforeAll(async () => {
      ({ tokens } = await registerLearner(app));
      forge = new TokenForge(app, tokens.accessToken);
    });

    it('are needed', async () => {
      const response = await anyone.call('get', 'users/me');
      expectProblem(response, 401, 'auth.token_missing');
      expect(response.headers['www-authenticate']).toMatch(/^Bearer/);
    });

    it.each([
      '',
      'Bearer',
      'Bearer ',
      'Basic bGVhcm5lcjp4',
      'Bearer a b',
      'Bearer \u00e9',
      'bearer ..',
      'Bearer a.b.c',
    ])('are read from nothing like "%s"', async (authorization) => {
      const response = await anyone.call('get', 'users/me').set('Authorization', authorization);
      expect(response.status).toBe(401);
      expect(response.body.code).toMatch(/^auth\.token_(invalid|missing)$/);
    });

    it('are good when signed by our key, which shows that the refusals below mean something', async () => {
      await me(forge.signed()).expect(200);
    });

    it('expire, with a leeway of five seconds', async () => {
      const now = Math.floor(Date.now() / 1000);
      await me(forge.signed({ exp: now - 2 })).expect(200);
      const expired = forge.signed({ exp: now - 6 });
      expectProblem(await me(expired), 401, 'auth.token_expired');
      expectProblem(await me(expired), 401, 'auth.token_expired');
    });

    it.each([
      ['another audience', { aud: 'another-api' }],
      ['no audience', { aud: undefined }],
      ['another issuer', { iss: 'https://attacker.example' }],
      ['no issuer', { iss: undefined }],
      ['no expiry', { exp: undefined }],
      ['an expiry that is text', { exp: '9999999999' }],
      ['an expiry beyond all time', { exp: 1e308 }],
      ['no session', { sid: undefined }],
      ['a session that is no id', { sid: "' OR 1=1 --" }],
      ['no subject', { sub: undefined }],
      ['an epoch that is text', { ep: '0' }],
      ['a role that does not exist', { roles: ['root'] }],
    ])('are refused with %s, though the signature is good', async (_, claims) => {
      expectProblem(await me(forge.signed(claims)), 401, 'auth.token_invalid');
    });

    it.each(['not json', '[]', 'null', '""', '{'])('are refused when the payload is %s', async (payload) => {
      expectProblem(await me(forge.signedText(payload)), 401, 'auth.token_invalid');
    });

    it.each([
      ['typ JWT', { typ: 'JWT' }],
      ['no typ', { typ: undefined }],
      ['an unknown kid', { kid: 'nobody' }],
      ['a kid that is a path', { kid: '../../etc/passwd' }],
      ['a kid that is SQL', { kid: "x' UNION SELECT 'AAAA" }],
      ['a kid that is a number', { kid: 7 }],
      ['a kid of 10 000 characters', { kid: 'k'.repeat(2000) }],
      ['no kid', { kid: undefined }],
      ['an unknown critical header', { crit: ['exp'], exp: 1 }],
      ['an empty crit', { crit: [] }],
      ['b64 false', { crit: ['b64'], b64: false }],
      ['x5u', { x5u: 'https://attacker.example/cert.pem' }],
      ['zip', { zip: 'DEF' }],
    ])('are refused with %s in the header, though the signature is good', async (_, header) => {
      expectProblem(await me(forge.signed({}, header)), 401, 'auth.token_invalid');
    });

    it.each(['none', 'None', 'NONE', 'nOnE', ''])('are refused with alg "%s"', async (alg) => {
      for (const signature of ['', 'AAAA', tokens.accessToken.split('.')[2]]) {
        expectProblem(await me(forge.unsigned({ ...forge.header, alg }, signature)), 401, 'auth.token_invalid');
      }
    });

    it('are refused when HMAC is keyed with the public key in any form', async () => {
      const jwks = await (await fetch(`${app.url}/.well-known/jwks.json`)).text();
      const pem = forge.publicKeyPem;
      for (const key of [pem, pem.trim(), jwks, JSON.stringify(JSON.parse(jwks).keys[0]), '']) {
        expectProblem(await me(forge.hmac(key)), 401, 'auth.token_invalid');
        expectProblem(await me(forge.hmac(key, { alg: 'ES256' })), 401, 'auth.token_invalid');
      }
    });

    it('are refused with a key of their own in jwk, or at jku, and nobody goes and gets it', async () => {
      const own = await generateKeyPair('ES256', { extractable: true });
      const jwk = { ...(await exportJWK(own.publicKey)), kid: forge.kid, alg: 'ES256', use: 'sig' };
      let visits = 0;
      const lure = createServer((_, reply) => {
        visits += 1;
        reply.end(JSON.stringify({ keys: [jwk] }));
      });
      await new Promise<void>((resolve) => lure.listen(0, '127.0.0.1', resolve));
      const jku = `http://127.0.0.1:${(lure.address() as AddressInfo).port}/jwks.json`;
      const privateKey = KeyObject.from(own.privateKey);
      const payload = JSON.stringify(forge.claims);
      for (const header of [{ jwk }, { jku }, { jwk, jku }, {}, { kid: jku }]) {
        const token = forge.signedText(payload, header, privateKey);
        expectProblem(await me(token), 401, 'auth.token_invalid');
      }
      lure.close();
      expect(visits).toBe(0);
    });

    it('are refused with another signature', async () => {
      const [head, payload, signature] = tokens.accessToken.split('.') as [string, string, string];
      const zero = Buffer.alloc(64).toString('base64url');
      const another = (await registerLearner(app)).tokens.accessToken.split('.')[2];
      const changed = signature.slice(0, 10) + (signature[10] === 'A' ? 'B' : 'A') + signature.slice(11);
      for (const bad of [zero, another, changed, '', signature.slice(0, 40), `${signature}.${signature}`]) {
        expectProblem(await me(`${head}.${payload}.${bad}`), 401, 'auth.token_invalid');
      }
      const promoted = Buffer.from(JSON.stringify({ ...forge.claims, roles: ['admin'] })).toString('base64url');
      expectProblem(await me(`${head}.${promoted}.${signature}`), 401, 'auth.token_invalid');
    });

    it('tell who is who when many ask at once', async () => {
      const learners = await Promise.all(Array.from({ length: 10 }, () => registerLearner(app)));
      const asked = Array.from({ length: 20 }, () => learners).flat();
      const answers = await Promise.all(asked.map((learner) => learner.call('get', 'users/me').expect(200)));
      expect(answers.map(({ body }) => body.id)).toEqual(asked.map((learner) => learner.tokens.user.id));
    });

    it('are refused beyond 4096 characters', async () => {
      expectProblem(await me(forge.signed({ padding: 'x'.repeat(5000) })), 401, 'auth.token_invalid');
    });

    it('are refused for a session of somebody else, though the signature is good', async () => {
      const other = await registerLearner(app);
      expectProblem(await me(forge.signed({ sid: other.tokens.session.id })), 401, 'auth.session_revoked');
    });
  });

  describe('a disabled account', () => {
    it('cannot use its tokens', async () => {
      const { tokens } = await registerLearner(app);
      await disable(tokens.user.id);
      await expectDead(tokens);
    });

    it('cannot log in, and is told what a stranger is told', async () => {
      const learner = await registerLearner(app);
      await disable(learner.tokens.user.id);
      const { email } = learner.tokens.user;
      const response = await anyone.call('post', 'auth/login', { email, password: learner.password });
      expectProblem(response, 401, 'auth.invalid_credentials');
    });

    it('needs a new login when it is given back', async () => {
      const learner = await registerLearner(app);
      await disable(learner.tokens.user.id);
      await runSql(app.databaseUrl, `UPDATE users SET status = 'active' WHERE id = $1`, [learner.tokens.user.id]);
      await expectDead(learner.tokens);
      await expectAlive((await login(app, { email: learner.tokens.user.email, password: learner.password })).tokens);
    });
  });
});
