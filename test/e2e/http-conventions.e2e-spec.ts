import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiClient, login, loginAs, registerLearner, type Tokens } from '../support/api-client.js';
import { CapturedLog } from '../support/captured-log.js';
import { eventually } from '../support/eventually.js';
import { HeldTable } from '../support/held-table.js';
import { PostgresServer } from '../support/postgres-server.js';
import { routesOf } from '../support/routes.js';
import { expectProblem } from '../support/problem.js';
import { RedisServer } from '../support/redis-server.js';
import { connectSocket } from '../support/socket-client.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ORIGIN = 'https://school.example';
const BODY_LIMIT_BYTES = 256 * 1024;
const BIG = '/api/v1/exams/reading-mini-1';

/** Routes that anyone may call; every other one in the API document wants a token. */
const PUBLIC = [
  'get /.well-known/jwks.json',
  'get /health',
  'get /health/live',
  'get /health/ready',
  'post /api/v1/auth/email/verify',
  'post /api/v1/auth/login',
  'post /api/v1/auth/login/second-factor',
  'post /api/v1/auth/passkeys/challenge',
  'post /api/v1/auth/passkeys/login',
  'post /api/v1/auth/password/forgot',
  'post /api/v1/auth/password/reset',
  'post /api/v1/auth/refresh',
  'post /api/v1/auth/register',
  'post /api/v1/auth/revoke',
];

const bearer = ({ tokens }: { readonly tokens: Tokens }) => ({ Authorization: `Bearer ${tokens.accessToken}` });

describe.each(STORE_MODES)('HTTP conventions with %s stores', (mode) => {
  let app: TestApp;
  let anyone: ApiClient;
  let learner: Awaited<ReturnType<typeof registerLearner>>;
  beforeAll(async () => {
    app = await startTestApp({ mode, environment: { CORS_ALLOWED_ORIGINS: ORIGIN } });
    anyone = new ApiClient(app.url);
    learner = await registerLearner(app);
  });
  afterAll(() => app.stop());

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${app.url}${path}`, { headers: { ...bearer(learner), ...headers } });
  const send = (path: string, type: string, body: string | ReadableStream, headers: Record<string, string> = {}) =>
    fetch(`${app.url}/api/v1/${path}`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': type, ...headers },
      duplex: 'half',
    }).then(asResponse);

  const preflight = (origin: string, method: string) =>
    fetch(`${app.url}/api/v1/sessions`, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': 'authorization',
      },
    });

  describe('problems', () => {
    it.each(['/', '/nope', '/api/v1', '/api/v1/nope', '/api/v2/exams', '/api/v1/auth/login/', '/health/nope'])(
      'answers 404 to %s',
      async (path) => {
        expectProblem(await fetch(`${app.url}${path}`).then(asResponse), 404, 'route.not_found');
      },
    );

    it.each(['put', 'patch', 'delete'] as const)('answers 404 to a %s that no route takes', async (method) => {
      expectProblem(await anyone.call(method, 'auth/login'), 404, 'route.not_found');
    });

    it.each(['/api/v1/%zz', '/%', '/api/v1/exams/%c3%28', '/api/v1/sessions/%E0%A4%A'])(
      'answers 400 to the URL %s',
      async (path) => {
        const response = await get(path).then(asResponse);
        expectProblem(response, 400, 'request.malformed');
        expect(response.headers['x-content-type-options']).toBe('nosniff');
      },
    );

    it('answers 414 to a path member without end', async () => {
      expectProblem(await get(`/api/v1/exams/${'a'.repeat(300)}`).then(asResponse), 414, 'request.url_too_long');
    });

    it.each(['{"email":', '{email: 1}', "{'a': 1}", 'null x', '\u0000', '{"__proto__": {"admin": true}}'])(
      'answers 400 to the body %s',
      async (body) => {
        const response = await send('auth/login', 'application/json', body);
        expectProblem(response, 400, 'request.malformed');
      },
    );

    it.each(['null', '7', '"text"', '[]', '[[[[]]]]', 'true'])('answers 400 to the JSON %s', async (body) => {
      expectProblem(await send('auth/login', 'application/json', body), 400, 'request.invalid');
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
      'answers 415 to a body of type %s',
      async (type) => {
        expectProblem(await send('auth/login', type, 'a=b'), 415, 'request.unsupported_media_type');
      },
    );

    it.each(['', 'nonsense', 'application/json, text/plain'])('answers 4xx to the content type "%s"', async (type) => {
      const response = await send('auth/login', type, '{}');
      expect([400, 415]).toContain(response.status);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    });

    it('takes JSON whatever its parameters', async () => {
      expectProblem(await send('auth/login', 'application/json; charset=utf-8', '{}'), 400, 'request.invalid');
      expectProblem(await send('auth/login', 'Application/JSON', '{}'), 400, 'request.invalid');
    });

    it('answers 413 to a body beyond the limit, announced or not', async () => {
      const body = JSON.stringify({ email: 'x'.repeat(BODY_LIMIT_BYTES), password: 'x' });
      expectProblem(await send('auth/login', 'application/json', body), 413, 'request.too_large');
      const stream = new Blob([body]).stream();
      expectProblem(await send('auth/login', 'application/json', stream), 413, 'request.too_large');
      await login(app, { email: learner.tokens.user.email, password: learner.password });
    });

    it('names the query member that is wrong', async () => {
      const { errors } = expectProblem(await learner.call('get', 'exams?limit=0&nope=1'), 400, 'request.invalid');
      expect((errors as { path: string }[]).map(({ path }) => path)).toContain('limit');
    });

    it.each([
      'questions?q=%00',
      'questions?tag=%00',
      'questions?cursor=bm90IGpzb24',
      'attempts?cursor=e30',
      'exams?cursor=WzFd',
      'exams?limit=1e9',
      'questions?part=8',
    ])('never answers 500 to %s', async (path) => {
      expectProblem(await learner.call('get', path), 400, 'request.invalid');
    });

    it('gives a request id of its own, whatever the client sends', async () => {
      const ids = await Promise.all(
        Array.from({ length: 5 }, async () => (await get('/health/live', { 'X-Request-Id': 'mine' })).headers),
      );
      const values = ids.map((headers) => headers.get('x-request-id') ?? '');
      for (const id of values) expect(id).toMatch(UUID);
      expect(new Set(values).size).toBe(5);
    });
  });

  describe('headers', () => {
    it.each(['/api/v1/exams', '/nope', '/health/live', '/docs', BIG])('of security are on %s', async (path) => {
      const { headers } = await get(path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'self'"),
        'strict-transport-security': expect.stringMatching(/^max-age=\d+/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': expect.stringMatching(/^(DENY|SAMEORIGIN)$/),
        'referrer-policy': 'no-referrer',
      });
      expect(headers.has('x-powered-by')).toBe(false);
      expect(headers.has('server')).toBe(false);
    });

    it('let a front end on the list in', async () => {
      const { headers } = await get('/api/v1/exams', { Origin: ORIGIN });
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      const exposed = headers.get('access-control-expose-headers')?.split(', ');
      expect(exposed).toEqual(expect.arrayContaining(['ETag', 'RateLimit', 'Retry-After', 'X-Request-Id']));
    });

    it('let it see what went wrong', async () => {
      const response = await fetch(`${app.url}/api/v1/users/me`, { headers: { Origin: ORIGIN } });
      expect(response.status).toBe(401);
      expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    });

    it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('let it ask for %s', async (method) => {
      const { status, headers } = await preflight(ORIGIN, method);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(headers.get('access-control-allow-methods')?.split(/, ?/)).toContain(method);
      expect(headers.get('access-control-allow-headers')).toContain('authorization');
    });

    it.each(['https://evil.example', `${ORIGIN}.evil.example`, 'http://school.example', 'null'])(
      'let %s in nowhere',
      async (origin) => {
        const answers = [await preflight(origin, 'DELETE'), await get('/api/v1/exams', { Origin: origin })];
        for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBeNull();
      },
    );

    it('tell caches that answers depend on origin, token and coding', async () => {
      for (const path of ['/api/v1/exams', BIG]) {
        const vary = (await get(path, { Origin: ORIGIN })).headers.get('vary')?.toLowerCase() ?? '';
        for (const name of ['origin', 'authorization', 'accept-encoding']) expect(vary).toContain(name);
      }
    });
  });

  describe('compression', () => {
    it.each(['gzip', 'br'])('of a big answer with %s', async (coding) => {
      const plain = await get(BIG, { 'Accept-Encoding': 'identity' });
      const packed = await get(BIG, { 'Accept-Encoding': coding });
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(packed.headers.get('content-encoding')).toBe(coding);
      expect(await packed.json()).toEqual(await plain.json());
    });

    it('prefers Brotli where a client takes everything, and leaves small answers alone', async () => {
      const everything = { 'Accept-Encoding': 'gzip, deflate, br' };
      expect((await get(BIG, everything)).headers.get('content-encoding')).toBe('br');
      expect((await get('/health/live', everything)).headers.get('content-encoding')).toBeNull();
    });
  });

  describe('the response cache', () => {
    it('answers the second read, says so, and gives the same body', async () => {
      const path = '/api/v1/questions?limit=7&part=5';
      const first = await get(path);
      const second = await get(path);
      expect(first.headers.get('cache-status')).toMatch(/^mockingbird; fwd=miss/);
      expect(second.headers.get('cache-status')).toMatch(/^mockingbird; hit; ttl=\d+$/);
      expect(Number(second.headers.get('age'))).toBeGreaterThanOrEqual(0);
      expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
      expect(second.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(await second.text()).toBe(await first.text());
      const reordered = await get('/api/v1/questions?part=5&limit=7');
      expect(reordered.headers.get('cache-status')).toMatch(/^mockingbird; hit; ttl=\d+$/);
    });

    it('answers 304 to whoever has the answer already', async () => {
      const tag = (await get(BIG)).headers.get('etag') as string;
      expect(tag).toMatch(/^"[\w-]{27}\.(gzip|br)"$/);
      for (const match of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const response = await get(BIG, { 'If-None-Match': match });
        expect({ status: response.status, body: await response.text() }).toEqual({ status: 304, body: '' });
        expect(response.headers.get('etag')).toBe(tag);
      }
      for (const match of ['"other"', tag.slice(0, -2)]) {
        expect((await get(BIG, { 'If-None-Match': match })).status).toBe(200);
      }
    });

    it('counts its age in seconds', async () => {
      await get('/api/v1/exams?limit=3');
      await eventually(async () => {
        expect(Number((await get('/api/v1/exams?limit=3')).headers.get('age'))).toBeGreaterThanOrEqual(1);
      }, 3000);
    });

    it('asks clients to ask again, and keeps answers of some from shared caches', async () => {
      expect((await get('/api/v1/exams')).headers.get('cache-control')).toBe('private, no-cache');
      expect((await get('/api/v1/questions')).headers.get('cache-control')).toBe('private, no-cache');
    });

    it('stores no failure, and nothing that is not declared', async () => {
      for (const path of ['/api/v1/exams/nope', '/api/v1/users/me', '/api/v1/sessions', '/api/v1/attempts']) {
        await get(path);
        expect((await get(path)).headers.get('cache-status')).toBeNull();
      }
    });

    it('answers nobody without a token', async () => {
      await get(BIG);
      expectProblem(await fetch(`${app.url}${BIG}`).then(asResponse), 401, 'auth.token_missing');
    });

    it.each([
      ['teacher', 'learner'],
      ['learner', 'teacher'],
    ] as const)('never gives the answer for a %s to a %s', async (first, second) => {
      const clients = {
        teacher: await loginAs(app, 'teacher'),
        admin: await loginAs(app, 'admin'),
        learner,
      };
      const path = `questions?limit=${first === 'teacher' ? 4 : 5}`;
      await clients[first].call('get', path).expect(200);
      const stored = await clients[first].call('get', path).expect('Cache-Status', /^mockingbird; hit; ttl=\d+$/);
      const other = await clients[second].call('get', path).set('If-None-Match', stored.headers['etag'] ?? '');
      expect(other.status).toBe(200);
      const { body: forTeacher } = first === 'teacher' ? stored : other;
      const { body: forLearner } = first === 'teacher' ? other : stored;
      for (const item of forTeacher.items) expect(item).toMatchObject({ key: expect.any(String) });
      for (const item of forLearner.items) {
        expect(item).not.toHaveProperty('key');
        expect(item).not.toHaveProperty('explanation');
        expect(item).not.toHaveProperty('distractors');
      }
      const [{ id }] = forTeacher.items;
      const one = await Promise.all([
        clients.teacher.call('get', `questions/${id}`),
        clients.learner.call('get', `questions/${id}`),
        clients.admin.call('get', `questions/${id}`),
      ]);
      expect(one.map(({ body }) => 'key' in body)).toEqual([true, false, true]);
    });

    it('shows a write at once', async () => {
      const teacher = await loginAs(app, 'teacher');
      const { body: page } = await learner.call('get', 'questions?limit=1').expect(200);
      const [{ id, difficulty }] = page.items;
      await learner.call('get', 'questions?limit=1').expect('Cache-Status', /^mockingbird; hit; ttl=\d+$/);
      for (const next of [(difficulty % 5) + 1, difficulty]) {
        await teacher.call('patch', `questions/${id}`, { difficulty: next }).expect(200);
        const { body } = await learner.call('get', 'questions?limit=1').expect(200);
        expect(body.items[0]).toMatchObject({ id, difficulty: next });
      }
    });
  });

  describe('an absent body', () => {
    it('may be announced as JSON where it is optional', async () => {
      const { body: attempt } = await learner.call('post', 'exams/reading-mini-1/attempts').expect(201);
      const response = await send(`attempts/${attempt.id}/submit`, 'application/json', '', bearer(learner));
      expect(response.status).toBe(200);
      const leaving = await login(app, { email: learner.tokens.user.email, password: learner.password });
      expect((await send('auth/logout', 'application/json', '', bearer(leaving))).status).toBe(204);
    });

    it('is refused where it is not', async () => {
      expectProblem(await send('auth/login', 'application/json', ''), 400, 'request.invalid');
    });
  });

  describe('access', () => {
    type Operation = { readonly security?: readonly object[] };
    let operations: (readonly [name: string, operation: Operation])[];
    beforeAll(async () => {
      const { paths } = (await (await fetch(`${app.url}/docs-json`)).json()) as OpenAPIObject;
      operations = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods as Record<string, Operation>).map(
          ([method, operation]) => [`${method} ${path}`, operation] as const,
        ),
      );
    });

    it('is open on these routes and no other', () => {
      const open = operations.filter(([, { security }]) => security?.length === 0).map(([name]) => name);
      expect(open.toSorted()).toEqual(PUBLIC);
    });

    it('needs a token everywhere else', async () => {
      const guarded = operations.filter(([name]) => !PUBLIC.includes(name)).map(([name]) => name.split(' '));
      expect(guarded.length).toBeGreaterThan(15);
      for (const [method = '', path = ''] of guarded) {
        const url = `${app.url}${path.replaceAll(/\{\w+\}/g, '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80')}`;
        const without = await fetch(url, { method: method.toUpperCase() }).then(asResponse);
        expectProblem(without, 401, 'auth.token_missing');
        const headers = { Authorization: 'Bearer a.b.c' };
        const bad = await fetch(url, { method: method.toUpperCase(), headers }).then(asResponse);
        expectProblem(bad, 401, 'auth.token_invalid');
      }
    });

    it('is guarded on every route that the router has, documented or not, and for HEAD as for GET', async () => {
      const open = new Set(['/metrics', ...PUBLIC.map((name) => name.split(' ')[1])]);
      const isOpen = (path: string) => open.has(path) || ['/docs', '/media/'].some((start) => path.startsWith(start));
      const guarded = routesOf(app.app).filter(({ path }) => path !== '*' && !isOpen(path));
      expect(guarded.length).toBeGreaterThan(40);
      const asked = guarded.flatMap(({ method, path }) => [
        { method, path },
        ...(method === 'GET' ? [{ method: 'HEAD', path }] : []),
      ]);
      const letIn: string[] = [];
      for (const { method, path } of asked) {
        const url = `${app.url}${path.replaceAll(/\{\w+\}/g, '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80')}`;
        const { status } = await fetch(url, { method });
        if (status !== 401) letIn.push(`${method} ${path}: ${status}`);
      }
      expect(letIn).toEqual([]);
    });
  });

  describe('metrics', () => {
    it('count requests by route, and show event loop, pool and cache', async () => {
      await get(BIG);
      await get(`/api/v1/sessions?secret=${'x'.repeat(20)}`);
      const response = await fetch(`${app.url}/metrics`);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
      const text = await response.text();
      expect(text).toMatch(
        /^http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/exams\/:id",status="200"[^}]*\} [1-9]/m,
      );
      expect(text).toMatch(/^http_request_duration_seconds_bucket\{le="\+Inf",/m);
      expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
      expect(text).toMatch(/^database_pool_connections\{state="total"\} [1-9]/m);
      expect(text).toMatch(/^cache_lookups_total\{namespace="exams",result="local_hit"\} [1-9]/m);
      expect(text).not.toContain('secret');
      expect(text).not.toContain(learner.tokens.user.id);
    });
  });

  describe('rate limits', () => {
    let limited: TestApp;
    beforeAll(async () => {
      limited = await startTestApp({
        mode,
        beside: app,
        environment: {
          RATE_LIMIT_REQUESTS: '1',
          RATE_LIMIT_BURST: '3',
          AUTH_RATE_LIMIT_REQUESTS: '0.5',
          AUTH_RATE_LIMIT_BURST: '2',
          TRUSTED_PROXIES: '127.0.0.1',
        },
      });
    });
    afterAll(() => limited.stop());

    const here = async () => new ApiClient(limited.url, (await registerLearner(app)).tokens);
    const from = (ip: string, path: string, body?: object) =>
      new ApiClient(limited.url).call(body === undefined ? 'get' : 'post', path, body).set('X-Forwarded-For', ip);

    it('count down, refuse with 429, and let in again', async () => {
      const client = await here();
      for (const left of [2, 1, 0]) {
        const { headers } = await client.call('get', 'users/me').expect(200);
        expect(headers['ratelimit-policy']).toBe('"default";q=3;w=3');
        expect(headers['ratelimit']).toMatch(new RegExp(`^"default";r=${left};t=[1-3]$`));
      }
      const refused = await client.call('get', 'users/me');
      expectProblem(refused, 429, 'rate_limit.exceeded');
      expect(refused.headers['retry-after']).toBe('1');
      expect(refused.headers['ratelimit']).toMatch(/^"default";r=0;t=\d$/);
      await eventually(() => client.call('get', 'users/me').expect(200), 5000);
    });

    it('are exact under a burst', async () => {
      const client = await here();
      const started = Date.now();
      const answers = await Promise.all(Array.from({ length: 20 }, () => client.call('get', 'users/me')));
      const allowed = answers.filter(({ status }) => status === 200).length;
      expect(allowed).toBeGreaterThanOrEqual(3);
      expect(allowed).toBeLessThanOrEqual(3 + Math.ceil((Date.now() - started) / 1000));
    });

    it('keep users apart', async () => {
      const [one, two] = [await here(), await here()];
      await Promise.all(Array.from({ length: 6 }, () => one.call('get', 'users/me')));
      await two.call('get', 'users/me').expect(200);
    });

    it('keep addresses apart where nobody is logged in, and count the network of an IPv6 one', async () => {
      const wrong = { refreshToken: 'garbage' };
      const refusedAt = async (ip: string) => (await from(ip, 'auth/refresh', wrong)).status;
      for (let round = 0; round < 3; round += 1) expect(await refusedAt('198.51.100.1')).toBe(401);
      expect(await refusedAt('198.51.100.1')).toBe(429);
      expect(await refusedAt('198.51.100.2')).toBe(401);
      for (let host = 1; host <= 3; host += 1) expect(await refusedAt(`2001:db8:1:2::${host}`)).toBe(401);
      expect(await refusedAt('2001:db8:1:2:ffff::1')).toBe(429);
      expect(await refusedAt('2001:db8:1:3::1')).toBe(401);
    });

    it('do not reach probes', async () => {
      for (const path of ['/health', '/health/live', '/health/ready', '/metrics']) {
        const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(`${limited.url}${path}`)));
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      }
    });

    it('of logins are per account, wherever they come from', async () => {
      const { tokens, password } = await registerLearner(app);
      const { email } = tokens.user;
      const wrong = (ip: string, address: string) =>
        from(ip, 'auth/login', { email: address, password: 'wrong-one-1' });
      expectProblem(await wrong('203.0.113.1', email), 401, 'auth.invalid_credentials');
      expectProblem(await wrong('203.0.113.2', email.toUpperCase()), 401, 'auth.invalid_credentials');
      const refused = await from('203.0.113.3', 'auth/login', { email, password });
      expectProblem(refused, 429, 'rate_limit.exceeded');
      expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      const other = await registerLearner(app);
      const credentials = { email: other.tokens.user.email, password: other.password };
      await from('203.0.113.3', 'auth/login', credentials).expect(200);
      await eventually(() =>
        from(`203.0.113.${100 + (Date.now() % 100)}`, 'auth/login', { email, password }).expect(200),
      );
    });

    it('of logins are the same for an address nobody has', async () => {
      const credentials = { email: `nobody-${mode}@example.org`, password: 'wrong-one-1' };
      for (const status of [401, 401, 429]) {
        expect((await from('203.0.113.11', 'auth/login', credentials)).status).toBe(status);
      }
    });
  });

  describe('stopping', () => {
    it('answers the request that is in flight, and takes no new ones', async () => {
      const stopping = await startTestApp({ mode });
      const client = await registerLearner(stopping);
      const me = () => fetch(`${stopping.url}/api/v1/users/me`, { headers: bearer(client) });
      const held = await HeldTable.hold(stopping.databaseUrl, 'users');
      const inFlight = me();
      await eventually(async () => expect(await held.waiting()).toBeGreaterThan(0));
      let stopped = false;
      const stop = stopping.stop().then(() => (stopped = true));
      // On a connection that is open already, and on a new one.
      const late = await eventually(async () => {
        const response = await fetch(`${stopping.url}/health/live`).then(asResponse, () => undefined);
        expect(response?.status).not.toBe(200);
        return response;
      });
      if (late !== undefined) expectProblem(late, 503, 'server.unavailable');
      expect(stopped).toBe(false);
      await held.release();
      const answer = await inFlight;
      expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: client.tokens.user });
      expect(answer.headers.get('connection')).toBe('close');
      await stop;
    });
  });

  describe('the log', () => {
    it('never holds a password or a token, at any level', async () => {
      const log = CapturedLog.start();
      const secrets = new Set<string>();
      let written = '';
      try {
        const chatty = await startTestApp({ mode, beside: app, environment: { LOG_LEVEL: 'trace' } });
        const client = await registerLearner(chatty);
        secrets.add(client.password);
        const remember = ({ accessToken, refreshToken }: Tokens) => secrets.add(accessToken).add(refreshToken);
        remember(client.tokens);
        const chat = new ApiClient(chatty.url);
        const credentials = { email: client.tokens.user.email, password: client.password };
        const second = await login(chatty, credentials);
        remember(second.tokens);
        await chat.call('post', 'auth/login', { ...credentials, password: 'mistyped-secret-1' });
        await chat.call('post', 'auth/login', { ...credentials, extra: 1 });
        await fetch(`${chatty.url}/api/v1/auth/login`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: `{"password":"${client.password}",`,
        });
        secrets.add('mistyped-secret-1');
        let latest = second.tokens;
        for (let generation = 0; generation < 2; generation += 1) {
          const { body } = await chat.call('post', 'auth/refresh', { refreshToken: latest.refreshToken }).expect(200);
          latest = body as Tokens;
          remember(latest);
        }
        await chat.call('post', 'auth/refresh', { refreshToken: second.tokens.refreshToken }).expect(401);
        const socket = await connectSocket(chatty, client.tokens.accessToken);
        await client.call('get', 'users/me').expect(200);
        await client.call('post', 'auth/logout').expect(204);
        await client.call('get', 'users/me').expect(401);
        await socket.closed();
        await chatty.stop();
      } finally {
        written = log.stop();
      }
      expect(written).toContain('refresh_reused');
      expect(written).toContain('/api/v1/auth/login');
      for (const secret of secrets) expect(written).not.toContain(secret);
      expect(written).not.toContain('Bearer ');
      expect(written).not.toMatch(/\$argon2/);
    });
  });
});

describe('health', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await PostgresServer.start();
  });
  afterAll(() => postgres.stop());

  describe.each(STORE_MODES)('with %s stores', (mode) => {
    let redis: RedisServer | undefined;
    let app: TestApp;
    let learner: Awaited<ReturnType<typeof registerLearner>>;
    beforeAll(async () => {
      redis = mode === 'redis' ? await RedisServer.start() : undefined;
      const databaseUrl = await postgres.createDatabase();
      app = await startTestApp({ mode, beside: { databaseUrl, redisAddr: redis?.addr } });
      learner = await registerLearner(app);
    });
    afterAll(async () => {
      await app.stop();
      await redis?.stop();
    });

    const ready = async () => {
      const response = await fetch(`${app.url}/health/ready`);
      return { status: response.status, headers: response.headers, body: (await response.json()) as HealthBody };
    };
    const untilReady = () => eventually(async () => expect((await ready()).body.status).toBe('ok'), 20_000);
    const untilDown = (check: string) =>
      eventually(async () => {
        const { status, headers, body } = await ready();
        expect({ status, overall: body.status, check: body.checks[check]?.status }).toEqual({
          status: 503,
          overall: 'unavailable',
          check: 'down',
        });
        expect(headers.get('retry-after')).toBe('1');
      }, 20_000);
    const expectAlive = async () => {
      const live = await fetch(`${app.url}/health/live`);
      expect({ status: live.status, body: await live.json() }).toEqual({ status: 200, body: { status: 'ok' } });
      expect((await fetch(`${app.url}/health`)).status).toBe(200);
    };

    it('is ready with every check up', async () => {
      const { status, headers, body } = await ready();
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      const names = ['database', 'jobs', 'migrations', ...(mode === 'redis' ? ['redis'] : [])];
      expect(Object.keys(body.checks).toSorted()).toEqual(names);
      for (const check of Object.values(body.checks)) expect(check).toEqual({ status: 'up', ms: expect.any(Number) });
    });

    it.each(['kill', 'pause'] as const)('names Postgres after a %s, and is back when it is', async (how) => {
      await learner.call('get', 'exams').expect(200);
      await postgres[how]();
      await untilDown('database');
      await expectAlive();
      // Without the ledger nobody can say which sessions are in force: cached answers are refused like the others.
      for (const path of ['users/me', 'exams']) {
        await eventually(async () => {
          const refused = await learner.call('get', path);
          expectProblem(refused, 503, 'database.unavailable');
          expect(refused.headers['retry-after']).toBe('1');
        });
      }
      await (how === 'kill' ? postgres.restart() : postgres.resume());
      await untilReady();
      await learner.call('get', 'users/me').expect(200);
    });

    if (mode === 'redis') {
      it.each(['kill', 'pause'] as const)('is degraded after a %s of Redis, and back within 5 s', async (how) => {
        await redis?.[how]();
        await eventually(async () => {
          const { status, body } = await ready();
          expect({ status, overall: body.status, redis: body.checks['redis']?.status }).toEqual({
            status: 200,
            overall: 'degraded',
            redis: 'down',
          });
        });
        await expectAlive();
        await learner.call('get', 'users/me').expect(200);
        await (how === 'kill' ? redis?.restart() : redis?.resume());
        await eventually(async () => expect((await ready()).body.status).toBe('ok'), 5000);
        await learner.call('get', 'users/me').expect(200);
      });
    }
  });
});

interface HealthBody {
  readonly status: string;
  readonly checks: Readonly<Record<string, { readonly status: string; readonly ms: number }>>;
}

/** What `expectProblem` looks at, of an answer to `fetch`. */
async function asResponse(response: Response): Promise<Parameters<typeof expectProblem>[0]> {
  const { status, headers } = response;
  return { status, headers: Object.fromEntries(headers), text: await response.text() } as never;
}
