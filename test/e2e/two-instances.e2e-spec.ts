import { Redis } from 'ioredis';
import { ApiClient, login, loginAs, registerLearner, type Tokens } from '../support/api-client.js';
import { saveAnswers, startAttempt } from '../support/attempts.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.js';
import { expectProblem } from '../support/problem.js';
import { RedisServer } from '../support/redis-server.js';
import { connectSocket, refusalOf, type SocketClient } from '../support/socket-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ROUNDS = 50;
const CLOSED_WITHIN_MS = 1000;
/** Longest answer of an instance whose Redis is frozen: a few commands that time out. */
const DEGRADED_WITHIN_MS = 2000;
const EXAM = 'reading-mini-1';

type Learner = Awaited<ReturnType<typeof registerLearner>>;

const on = ({ url }: TestApp, { tokens }: { readonly tokens?: Tokens }) => new ApiClient(url, tokens);
const again = (app: TestApp, { tokens, password }: Learner) => login(app, { email: tokens.user.email, password });
const refresh = ({ url }: TestApp, { tokens }: { readonly tokens: Tokens }) =>
  new ApiClient(url).call('post', 'auth/refresh', { refreshToken: tokens.refreshToken });

describe('two instances', () => {
  let redis: RedisServer;
  let database: FreshDatabase;
  let a: TestApp;
  let b: TestApp;
  beforeAll(async () => {
    redis = await RedisServer.start();
    database = await freshDatabase();
    a = await startTestApp({ mode: 'redis', beside: { databaseUrl: database.url, redisAddr: redis.addr } });
    b = await startTestApp({ mode: 'redis', beside: a });
  });
  /** Whatever a test did to Redis, the next one finds it well. */
  afterEach(async () => {
    await (redis.pid === undefined ? redis.restart() : redis.resume());
    await untilReady();
  });
  afterAll(async () => {
    await Promise.all([a.stop(), b.stop()]);
    await redis.stop();
    await database.drop();
  });

  const expectAlive = (...clients: { readonly tokens: Tokens }[]) =>
    Promise.all(clients.flatMap((client) => [a, b].map((app) => on(app, client).call('get', 'users/me').expect(200))));
  const expectDead = async (...clients: { readonly tokens: Tokens }[]) => {
    for (const client of clients) {
      for (const app of [b, a]) {
        expectProblem(await on(app, client).call('get', 'users/me'), 401, 'auth.session_revoked');
        expectProblem(await refresh(app, client), 401, 'auth.refresh_invalid');
      }
    }
  };
  const until = (status: 'ok' | 'degraded', withinMs: number) =>
    eventually(async () => {
      for (const { url } of [a, b]) {
        const health = (await (await fetch(`${url}/health/ready`)).json()) as { readonly status: string };
        expect(health.status).toBe(status);
      }
    }, withinMs);
  const untilReady = () => until('ok', 20_000);
  const untilRedisIsMissed = () => until('degraded', 10_000);

  it(`refuse on one what was logged out on the other, at once (${ROUNDS} rounds)`, async () => {
    const learner = await registerLearner(a);
    for (let round = 0; round < ROUNDS; round += 1) {
      const [here, there] = round % 2 === 0 ? [a, b] : [b, a];
      const client = await again(here, learner);
      await expectAlive(client);
      await on(here, client).call('post', 'auth/logout').expect(204);
      expectProblem(await on(there, client).call('get', 'users/me'), 401, 'auth.session_revoked');
      expectProblem(await refresh(there, client), 401, 'auth.refresh_invalid');
    }
    await expectAlive(learner);
  });

  it(`refuse on one what was logged out everywhere on the other, at once (${ROUNDS} rounds)`, async () => {
    const learner = await registerLearner(a);
    for (let round = 0; round < ROUNDS; round += 1) {
      const [here, there] = round % 2 === 0 ? [a, b] : [b, a];
      const [one, two] = [await again(a, learner), await again(b, learner)];
      await expectAlive(one, two);
      const racing = refresh(there, two);
      await on(here, one).call('post', 'auth/logout-all').expect(204);
      const { status, body } = await racing;
      const survivors = status === 200 ? [{ tokens: body as Tokens }] : [];
      for (const client of [one, two, ...survivors]) {
        expectProblem(await on(there, client).call('get', 'users/me'), 401, 'auth.session_revoked');
        expectProblem(await refresh(there, client), 401, 'auth.refresh_invalid');
      }
    }
  });

  it('give one successor to 50 refreshes on both', async () => {
    const learner = await registerLearner(a);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => refresh(index % 2 === 0 ? a : b, learner).expect(200)),
    );
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    await expectAlive({ tokens: answers[0]?.body as Tokens });
  });

  it('verify tokens of each other, and show the sessions and activity of both', async () => {
    const learner = await registerLearner(a);
    const second = await again(b, learner);
    const { body } = await on(b, learner).call('get', 'sessions').expect(200);
    expect(body.items.map(({ id }: { id: string }) => id).toSorted()).toEqual(
      [learner.tokens.session.id, second.tokens.session.id].toSorted(),
    );
  });

  it('close the sockets of both within a second', async () => {
    const learner = await registerLearner(a);
    const kept = await again(a, learner);
    const [one, two] = [await again(a, learner), await again(b, learner)];
    const sockets: SocketClient[] = [];
    for (const client of [one, two]) {
      for (const app of [a, b]) sockets.push(await readySocket(app, client));
    }
    const own = await readySocket(b, kept);
    await on(a, kept).call('delete', `sessions/${one.tokens.session.id}`).expect(204);
    await Promise.all(sockets.slice(0, 2).map((socket) => socket.closed(CLOSED_WITHIN_MS)));
    expect(sockets.map(({ socket }) => socket.connected)).toEqual([false, false, true, true]);
    await on(b, two).call('post', 'auth/logout').expect(204);
    await Promise.all(sockets.slice(2).map((socket) => socket.closed(CLOSED_WITHIN_MS)));
    expect(own.socket.connected).toBe(true);
    await on(a, kept).call('post', 'auth/logout-all').expect(204);
    await own.closed(CLOSED_WITHIN_MS);
    for (const client of [one, two, kept]) {
      expect(await refusalOf(b, client.tokens.accessToken)).toBe('auth.session_revoked');
    }
  });

  it('tell the sockets of one what was saved on the other', async () => {
    const learner = await registerLearner(a);
    const socket = await readySocket(b, learner);
    const attempt = await startAttempt(on(a, learner), EXAM);
    const { revision } = await saveAnswers(on(a, learner), attempt, 0, [{ number: 1, choice: 'A' }]);
    expect(await socket.event('attempt.saved')).toMatchObject({ attemptId: attempt.id, revision });
    await on(a, learner).call('post', `attempts/${attempt.id}/submit`).expect(200);
    expect(await socket.event('attempt.finalised')).toMatchObject({ id: attempt.id, status: 'submitted' });
    socket.close();
  });

  it('share the rate limit', async () => {
    const environment = { RATE_LIMIT_REQUESTS: '0.2', RATE_LIMIT_BURST: '4' };
    const limited = [
      await startTestApp({ mode: 'redis', beside: a, environment }),
      await startTestApp({ mode: 'redis', beside: a, environment }),
    ] as const;
    const learner = await registerLearner(a);
    const statuses: number[] = [];
    for (let request = 0; request < 6; request += 1) {
      statuses.push((await on(limited[request % 2] as TestApp, learner).call('get', 'users/me')).status);
    }
    await Promise.all(limited.map((app) => app.stop()));
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
  });

  it('show on one what an editor wrote on the other, at once', async () => {
    const [teacher, learner] = [await loginAs(a, 'teacher'), await registerLearner(b)];
    const { body } = await learner.call('get', 'questions?limit=1').expect(200);
    const [{ id }] = body.items;
    for (let round = 0; round < 20; round += 1) {
      await learner.call('get', `questions/${id}`).expect(200);
      await learner.call('get', `questions/${id}`).expect('Cache-Status', /^mockingbird; hit; ttl=\d+$/);
      const difficulty = (round % 5) + 1;
      await teacher.call('patch', `questions/${id}`, { difficulty }).expect(200);
      const seen = await learner.call('get', `questions/${id}`).expect(200);
      expect(seen.body.difficulty).toBe(difficulty);
    }
  });

  describe.each(['kill', 'pause'] as const)('whose Redis is gone (%s)', (how) => {
    const bringBack = () => (how === 'kill' ? redis.restart() : redis.resume());

    it('go on from Postgres, refuse what was revoked, and make revocations final all the same', async () => {
      const learner = await registerLearner(a);
      const [revoked, unused] = [await again(a, learner), await again(b, learner)];
      await expectAlive(learner, revoked);
      await on(a, revoked).call('post', 'auth/logout').expect(204);
      const socket = await readySocket(b, learner);

      await redis[how]();
      await untilRedisIsMissed();
      const started = Date.now();
      await expectAlive(learner, unused);
      expect(Date.now() - started).toBeLessThan(DEGRADED_WITHIN_MS);
      await Promise.all(
        [a, b].map(async (app) => {
          await on(app, learner).call('get', `exams/${EXAM}`).expect(200);
          expectProblem(await on(app, revoked).call('get', 'users/me'), 401, 'auth.session_revoked');
          expectProblem(await refresh(app, revoked), 401, 'auth.refresh_invalid');
        }),
      );
      const fresh = await again(b, learner);
      const renewed = await refresh(a, fresh).expect(200);

      const outsider = await registerLearner(a);
      const everywhere = await again(b, outsider);
      await on(a, learner).call('delete', `sessions/${unused.tokens.session.id}`).expect(204);
      await on(b, outsider).call('post', 'auth/logout-all').expect(204);
      const kept = await again(a, learner);
      await on(b, kept).call('delete', 'sessions?except=current').expect(204);
      const dead = [unused, outsider, everywhere, learner, fresh, { tokens: renewed.body as Tokens }];
      await expectDead(...dead);
      await expectAlive(kept);
      await socket.closed(CLOSED_WITHIN_MS);

      await bringBack();
      await untilReady();
      await expectAlive(kept);
      await expectDead(revoked, ...dead);
      const last = await again(a, learner);
      await on(a, last).call('post', 'auth/logout').expect(204);
      await expectDead(last);
      await refresh(b, kept).expect(200);
      await on(b, kept).call('get', 'exams').expect(200);
      await on(a, kept)
        .call('get', 'exams')
        .expect('Cache-Status', /^mockingbird; hit; ttl=\d+$/);
    });

    it('close each other’s sockets again once it is back', async () => {
      const learner = await registerLearner(a);
      const other = await again(a, learner);
      const socket = await readySocket(b, other);
      await redis[how]();
      await untilRedisIsMissed();
      await bringBack();
      await untilReady();
      const attempt = await startAttempt(on(a, learner), EXAM);
      let revision = 0;
      await eventually(async () => {
        ({ revision } = await saveAnswers(on(a, learner), attempt, revision, [{ number: 1, choice: 'A' }]));
        await socket.event('attempt.saved', () => true, 500);
      });
      await on(a, learner).call('delete', `sessions/${other.tokens.session.id}`).expect(204);
      await socket.closed(CLOSED_WITHIN_MS);
      expect(socket.socket.connected).toBe(false);
    });
  });

  it('let nobody back in, and log nobody out, when Redis is flushed all the time', async () => {
    const learner = await registerLearner(a);
    const steady = await again(b, learner);
    const stop = new AbortController();
    let flushes = 0;
    const flusher = (async () => {
      while (!stop.signal.aborted) {
        await redis.flushAll();
        flushes += 1;
      }
    })();
    try {
      for (let round = 0; round < 25; round += 1) {
        const client = await again(round % 2 === 0 ? a : b, learner);
        await expectAlive(client, steady);
        await on(round % 3 === 0 ? b : a, client)
          .call('post', 'auth/logout')
          .expect(204);
        const answers = await Promise.all(
          Array.from({ length: 6 }, (_, index) => on(index % 2 === 0 ? b : a, client).call('get', 'users/me')),
        );
        for (const answer of answers) expectProblem(answer, 401, 'auth.session_revoked');
      }
      await expectAlive(learner, steady);
      await on(a, learner).call('post', 'auth/logout-all').expect(204);
      await expectDead(learner, steady);
    } finally {
      stop.abort();
      await flusher;
    }
    expect(flushes).toBeGreaterThan(25);
  });

  it('let nobody back in when Redis comes back with an older state', async () => {
    const learner = await registerLearner(a);
    const [one, two] = [await again(a, learner), await again(b, learner)];
    const outsider = await registerLearner(a);
    await expectAlive(learner, one, two, outsider);
    const client = new Redis(`redis://${redis.addr}`);
    await client.save();
    client.disconnect();
    await on(a, one).call('post', 'auth/logout').expect(204);
    await expectDead(one);
    await on(a, outsider).call('post', 'auth/logout-all').expect(204);
    await redis.kill();
    await untilRedisIsMissed();
    await redis.restart();
    await untilReady();
    await expectDead(one, outsider);
    await expectAlive(learner, two);
  });
});

async function readySocket(app: TestApp, { tokens }: { readonly tokens: Tokens }): Promise<SocketClient> {
  const socket = await connectSocket(app, tokens.accessToken);
  await socket.event('ready');
  return socket;
}
