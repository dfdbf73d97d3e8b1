import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { CacheResponse } from '@app/cache/http';
import { asInternalCaller, CurrentPrincipal, Public, Roles, type Principal } from '@app/http';
import { Controller, Get, Module } from '@nestjs/common';
import { get as httpGet } from 'node:http';
import { ApiClient, registerAs, registerLearner, type Tokens } from '../support/api-client.js';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.js';
import { expectProblem } from '../support/problem.js';
import { RedisServer } from '../support/redis-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const cached = (audience: 'everyone' | 'roles' | 'user') => ({ audience, namespace: 'greetings', tags: ['greetings'] });
const greeting = (whom: string) => ({ whom, text: 'good morning '.repeat(200) });

@Controller('greetings')
@Roles('learner', 'teacher')
class GreetingsController {
  @Get('mine')
  @CacheResponse(cached('user'))
  mine(@CurrentPrincipal() { userId }: Principal) {
    return greeting(userId);
  }

  @Get('of-roles')
  @CacheResponse(cached('roles'))
  ofRoles(@CurrentPrincipal() { roles }: Principal) {
    return greeting(roles.join('+'));
  }

  @Get('of-teachers')
  @Roles('teacher')
  @CacheResponse(cached('everyone'))
  ofTeachers() {
    return greeting('teachers');
  }

  @Get('of-day')
  @Public()
  @CacheResponse(cached('everyone'))
  ofDay() {
    return greeting('day');
  }

  @Get('of-all')
  @Public()
  @CacheResponse(cached('everyone'))
  ofAll() {
    return greeting('all');
  }
}

@Module({ controllers: [GreetingsController] })
class GreetingsModule {}

/** The bytes as they come over the wire. */
function exchange(url: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ status: number; headers: Readonly<Record<string, string | undefined>>; body: Buffer }>(
    (resolve, reject) => {
      httpGet(url, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string | undefined>,
            body: Buffer.concat(chunks),
          }),
        );
      }).on('error', reject);
    },
  );
}

describe('cached responses of two instances', () => {
  let redis: RedisServer;
  let database: FreshDatabase;
  let a: TestApp;
  let b: TestApp;
  let learners: { readonly tokens: Tokens }[];
  let teacher: { readonly tokens: Tokens };
  beforeAll(async () => {
    redis = await RedisServer.start();
    database = await freshDatabase();
    const features = [GreetingsModule];
    const beside = { databaseUrl: database.url, redisAddr: redis.addr };
    a = await startTestApp({ mode: 'redis', beside, features });
    b = await startTestApp({ mode: 'redis', beside, features });
    learners = [await registerLearner(a), await registerLearner(b)];
    teacher = await registerAs(a, 'teacher');
  });
  afterAll(async () => {
    await a.stop();
    await b.stop();
    await redis.stop();
    await database.drop();
  });

  /** Each caller in turn on each instance, a few times over: what they got, by caller. */
  async function inTurn(path: string, callers: readonly { readonly tokens?: Tokens }[]) {
    const answers = callers.map((): { status: number; body: unknown }[] => []);
    for (let round = 0; round < 3; round += 1) {
      for (const { url } of [a, b]) {
        for (const [index, { tokens }] of callers.entries()) {
          const { status, body } = await new ApiClient(url, tokens).call('get', path);
          answers[index]?.push({ status, body });
        }
      }
    }
    return answers;
  }

  it.each(['users/me', 'sessions', 'attempts'])('give nobody what is another’s: %s', async (path) => {
    const [one, two, nobody] = await inTurn(path, [...learners, {}]);
    for (const { status, body } of nobody ?? []) {
      expect({ status, type: body }).toMatchObject({ status: 401, type: { code: 'auth.token_missing' } });
    }
    const ids = learners.map(({ tokens }) => tokens.user.id);
    if (path === 'users/me') {
      expect(one?.map(({ body }) => body)).toEqual(
        Array.from({ length: 6 }, () => expect.objectContaining({ id: ids[0] })),
      );
      expect(two?.map(({ body }) => body)).toEqual(
        Array.from({ length: 6 }, () => expect.objectContaining({ id: ids[1] })),
      );
    }
    expect(JSON.stringify(one)).not.toContain(learners[1]?.tokens.session.id);
    expect(JSON.stringify(two)).not.toContain(learners[0]?.tokens.session.id);
  });

  it('are one user’s where the route says so', async () => {
    const [one, two, nobody] = await inTurn('greetings/mine', [...learners, {}]);
    for (const [index, answers] of [one, two].entries()) {
      for (const { status, body } of answers ?? []) {
        expect(status).toBe(200);
        expect(body).toMatchObject({ whom: learners[index]?.tokens.user.id });
      }
    }
    for (const { status } of nobody ?? []) expect(status).toBe(401);
  });

  it('are those of a role where the route says so', async () => {
    const answers = await inTurn('greetings/of-roles', [...learners, teacher, {}]);
    for (const [index, whom] of ['learner', 'learner', 'teacher'].entries()) {
      for (const { body } of answers[index] ?? []) expect(body).toMatchObject({ whom });
    }
    for (const { status } of answers[3] ?? []) expect(status).toBe(401);
  });

  it('are not for those whom the route is closed to, however many copies there are', async () => {
    const [allowed, learner, nobody] = await inTurn('greetings/of-teachers', [teacher, learners[0] ?? {}, {}]);
    for (const { status, body } of allowed ?? [])
      expect({ status, ...(body as object) }).toMatchObject({ status: 200, whom: 'teachers' });
    for (const { status } of learner ?? []) expect(status).toBe(403);
    for (const { status } of nobody ?? []) expect(status).toBe(401);
  });

  it('may be everybody’s, and then in shared caches too', async () => {
    const [first, second] = await inTurn('greetings/of-all', [{}, learners[0] ?? {}]);
    for (const { status, body } of [...(first ?? []), ...(second ?? [])]) {
      expect({ status, ...(body as object) }).toMatchObject({ status: 200, whom: 'all' });
    }
    const { headers } = await exchange(`${a.url}/api/v1/greetings/of-all`, {});
    expect(headers['cache-control']).toBe('public, no-cache');
  });

  it('of every route that says it is cached differ by role alone', async () => {
    const { body: page } = await new ApiClient(a.url, teacher.tokens).call('get', 'questions?limit=1').expect(200);
    for (const path of ['exams', 'exams/reading-mini-1', 'questions', `questions/${page.items[0].id}`]) {
      const [one, two, ofTeacher, nobody] = await inTurn(path, [...learners, teacher, {}]);
      expect(two).toEqual(one);
      expect(new Set([...(one ?? []), ...(ofTeacher ?? [])].map(({ status }) => status))).toEqual(new Set([200]));
      if (path.startsWith('questions')) expect(JSON.stringify(one)).not.toMatch(/"(?:key|explanation)"/);
      for (const { status, body } of nobody ?? []) {
        expect({ status, body }).toMatchObject({ status: 401, body: { code: 'auth.token_missing' } });
      }
    }
  });

  it('have a tag for each coding, and bodies that belong to it', async () => {
    const url = `${a.url}/api/v1/greetings/of-all`;
    const forms = new Map<string, string>();
    for (const [coding, unpack] of [
      ['identity', (body: Buffer) => body],
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      for (let round = 0; round < 2; round += 1) {
        const { status, headers, body } = await exchange(url, { 'accept-encoding': coding });
        expect(status).toBe(200);
        expect(headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding);
        expect(headers['content-length']).toBe(String(body.length));
        expect(JSON.parse(unpack(body).toString('utf8'))).toEqual(greeting('all'));
        forms.set(headers['etag'] ?? '', coding);
      }
    }
    expect([...forms.values()].toSorted()).toEqual(['br', 'gzip', 'identity']);
    for (const [tag, coding] of forms) {
      const { status, headers, body } = await exchange(url, { 'accept-encoding': coding, 'if-none-match': tag });
      expect({ status, length: body.length, tag: headers['etag'] }).toEqual({ status: 304, length: 0, tag });
    }
  });

  it('have the headers of those that were made just now, and are counted like them', async () => {
    const url = `${a.url}/api/v1/greetings/of-day`;
    const answers = [await exchange(url, {}), await exchange(url, {}), await exchange(url, {})];
    const statuses = answers.map(({ headers }) => headers['cache-status']?.split('; ttl')[0]);
    expect(statuses).toEqual(['mockingbird; fwd=miss; stored', 'mockingbird; hit', 'mockingbird; hit']);
    const [made, ...kept] = answers.map(({ headers, body }) => ({ names: Object.keys(headers).toSorted(), body }));
    for (const answer of kept) expect(answer).toEqual(made);
    const counted =
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/greetings\/of-day",status="200"\} (\d+)/;
    const metrics = await fetch(`${a.url}/metrics`).then((response) => response.text());
    expect(counted.exec(metrics)?.[1]).toBe('3');
  });

  it('answer HEAD with what GET would be answered, but for the body', async () => {
    const url = `${a.url}/api/v1/greetings/of-all`;
    const { headers: ofGet } = await exchange(url, {});
    const head = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(ofGet['content-length']);
    expect(head.headers.get('etag')).toBe(ofGet['etag']);
    expect(await head.text()).toBe('');
    // The connection is in order: what comes next on it is understood.
    expect((await fetch(url)).status).toBe(200);
  });

  it('are not made by who claims to be the process itself', async () => {
    const nobody: Principal = { userId: '', sessionId: '', roles: ['teacher'] };
    // Even a request that the process makes over the network is one from outside.
    const { status } = await asInternalCaller(nobody, () => exchange(`${a.url}/api/v1/greetings/of-teachers`, {}));
    expect(status).toBe(401);
    expectProblem(await new ApiClient(a.url).call('get', 'greetings/of-teachers'), 401, 'auth.token_missing');
  });

  it('leave paths that nothing is at as they are', async () => {
    for (const { url } of [a, b])
      expectProblem(await new ApiClient(url).call('get', 'greetings/none'), 404, 'route.not_found');
  });
});
