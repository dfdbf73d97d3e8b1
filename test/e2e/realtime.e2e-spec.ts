import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { login, registerLearner, type ApiClient, type Tokens } from '../support/api-client.js';
import { saveAnswers, saveOf, startAttempt } from '../support/attempts.js';
import { runSql } from '../support/run-sql.js';
import { connectSocket, refusalOf, SocketClient } from '../support/socket-client.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';
import { TokenForge } from '../support/token-forge.js';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const EXAM = 'reading-mini-1';
const CLOSED_WITHIN_MS = 1000;
const RACES = 40;
const SESSION_ENDED = 4401;

type LoggedIn = ApiClient & { readonly tokens: Tokens };

/** Two sockets that are let in by now have joined their rooms, so what is not received was not sent. */
const roundTrip = (...clients: SocketClient[]) =>
  Promise.all(clients.map((client) => client.ask('attempt.watch', { attemptId: randomUUID() })));

const expectEnded = async (client: SocketClient) => {
  await client.closed(CLOSED_WITHIN_MS);
  expect(client.socket.connected).toBe(false);
  expect(client.received.filter(({ name }) => name === 'session.ended')).toEqual([
    { name: 'session.ended', body: { code: SESSION_ENDED } },
  ]);
};

const soon = (forge: TokenForge, seconds: number) => forge.signed({ exp: Math.floor(Date.now() / 1000) + seconds });

describe.each(STORE_MODES)('realtime with %s stores', (mode) => {
  let app: TestApp;
  const open: SocketClient[] = [];
  beforeAll(async () => {
    app = await startTestApp({ mode });
  });
  afterEach(() => {
    for (const socket of open.splice(0)) socket.close();
  });
  afterAll(() => app.stop());

  /** Open, and in the rooms of its session and user. */
  const connect = async ({ tokens }: LoggedIn) => {
    const client = await connectSocket(app, tokens.accessToken);
    open.push(client);
    await client.event('ready');
    return client;
  };
  const again = (learner: Awaited<ReturnType<typeof registerLearner>>) =>
    login(app, { email: learner.tokens.user.email, password: learner.password });

  describe('opening a socket', () => {
    it('answers ready with the session and the time', async () => {
      const learner = await registerLearner(app);
      const client = await connect(learner);
      expect(await client.event('ready')).toEqual({
        sessionId: learner.tokens.session.id,
        serverTime: expect.stringMatching(RFC_3339),
      });
    });

    it.each([
      ['no token', undefined],
      ['an empty token', ''],
      ['garbage', 'garbage'],
      ['a number', 7],
      ['an object', { $ne: null }],
      ['null', null],
      ['a token of 10 000 characters', 'x'.repeat(10_000)],
    ])('is refused with %s', async (_, token) => {
      expect(await refusalOf(app, token)).toBe('auth.token_invalid');
    });

    it('is refused with a refresh token, an expired one, and one signed by nobody', async () => {
      const { tokens } = await registerLearner(app);
      const forge = new TokenForge(app, tokens.accessToken);
      expect(await refusalOf(app, tokens.refreshToken)).toBe('auth.token_invalid');
      expect(await refusalOf(app, forge.signed({ exp: Math.floor(Date.now() / 1000) - 10 }))).toBe(
        'auth.token_expired',
      );
      expect(await refusalOf(app, forge.unsigned({ ...forge.header, alg: 'none' }))).toBe('auth.token_invalid');
      expect(await refusalOf(app, forge.signed())).toBe('let in');
    });

    it('is refused with the token of a session that has ended', async () => {
      const learner = await registerLearner(app);
      await learner.call('post', 'auth/logout').expect(204);
      expect(await refusalOf(app, learner.tokens.accessToken)).toBe('auth.session_revoked');
    });

    it('works over long polling, too', async () => {
      const { tokens } = await registerLearner(app);
      const socket = io(app.url, {
        auth: { token: tokens.accessToken },
        transports: ['polling'],
        reconnection: false,
        forceNew: true,
      });
      const client = new SocketClient(socket);
      open.push(client);
      expect(await client.event('ready')).toMatchObject({ sessionId: tokens.session.id });
    });
  });

  describe("a learner's own events", () => {
    it('reach every device of the learner and nobody else', async () => {
      const learner = await registerLearner(app);
      const other = await registerLearner(app);
      const [phone, laptop] = [await connect(learner), await connect(await again(learner))];
      const stranger = await connect(other);
      const attempt = await startAttempt(learner, EXAM);
      const receipt = await saveAnswers(learner, attempt, 0, [{ number: 1, choice: 'A' }]);
      for (const device of [phone, laptop]) {
        const { serverTime: _, ...saved } = await device.event('attempt.saved');
        const { serverTime: _now, ...expected } = receipt;
        expect(saved).toEqual({ attemptId: attempt.id, ...expected });
      }
      const { body: submitted } = await learner
        .call('post', `attempts/${attempt.id}/submit`, saveOf(1, [{ number: 2, choice: 'B' }]))
        .expect(200);
      for (const device of [phone, laptop]) {
        await device.event('attempt.saved', ({ revision }) => revision === 2);
        const { serverTime: _, ...finalised } = await device.event('attempt.finalised');
        const { serverTime: _now, ...expected } = submitted;
        expect(finalised).toEqual(expected);
      }
      await roundTrip(stranger, phone, laptop);
      expect(stranger.received.map(({ name }) => name)).toEqual(['ready']);
      expect(phone.received.map(({ name }) => name)).toEqual([
        'ready',
        'attempt.saved',
        'attempt.saved',
        'attempt.finalised',
      ]);
    });

    it('are not repeated when a save or a submission is sent again', async () => {
      const learner = await registerLearner(app);
      const device = await connect(learner);
      const attempt = await startAttempt(learner, EXAM);
      for (let time = 0; time < 2; time += 1) {
        await learner.call('post', `attempts/${attempt.id}/submit`).expect(200);
      }
      await device.event('attempt.finalised');
      await roundTrip(device);
      expect(device.received.filter(({ name }) => name === 'attempt.finalised')).toHaveLength(1);
    });
  });

  describe('watching an attempt', () => {
    it('answers its state and counts down', async () => {
      const learner = await registerLearner(app);
      const device = await connect(learner);
      const attempt = await startAttempt(learner, EXAM);
      await saveAnswers(learner, attempt, 0, [{ number: 1, choice: 'C' }]);
      await runSql(
        app.databaseUrl,
        `UPDATE attempts SET started_at = now() - interval '29 min 52 s', deadline_at = now() + interval '8 s' WHERE id = $1`,
        [attempt.id],
      );
      const answer = (await device.ask('attempt.watch', { attemptId: attempt.id })) as {
        attempt: { deadlineAt: string };
      };
      expect(answer).toMatchObject({
        ok: true,
        attempt: { id: attempt.id, status: 'in_progress', revision: 1, answers: [{ number: 1, choice: 'C' }] },
      });
      const first = await device.event('attempt.time_left');
      expect(first).toEqual({
        attemptId: attempt.id,
        secondsLeft: expect.any(Number),
        deadlineAt: answer.attempt.deadlineAt,
      });
      expect(first['secondsLeft']).toBeGreaterThanOrEqual(5);
      expect(first['secondsLeft']).toBeLessThanOrEqual(8);
      await device.event('attempt.time_left', ({ secondsLeft }) => secondsLeft === Number(first['secondsLeft']) - 1);
    });

    it('of somebody else is refused as one that does not exist', async () => {
      const [learner, other] = [await registerLearner(app), await registerLearner(app)];
      const attempt = await startAttempt(other, EXAM);
      const device = await connect(learner);
      const foreign = await device.ask('attempt.watch', { attemptId: attempt.id });
      const missing = await device.ask('attempt.watch', { attemptId: randomUUID() });
      expect([foreign, missing]).toEqual([{ code: 'attempt.not_found' }, { code: 'attempt.not_found' }]);
    });

    it('stops with the session that asked', async () => {
      const learner = await registerLearner(app);
      const device = await connect(learner);
      const attempt = await startAttempt(learner, EXAM);
      await device.ask('attempt.watch', { attemptId: attempt.id });
      await learner.call('post', 'auth/logout').expect(204);
      await device.closed(CLOSED_WITHIN_MS);
    });
  });

  describe('malformed messages', () => {
    it.each([
      ['nothing', []],
      ['null', [null]],
      ['a string', ['x']],
      ['a list', [[1, 2]]],
      ['an id that is none', [{ attemptId: 'x' }]],
      ['an id with a NUL', [{ attemptId: '\0' }]],
      ['a deep object', [{ attemptId: { a: { b: [] } } }]],
      ['bytes', [Buffer.from([0, 1, 2])]],
    ])('of %s are answered, and the socket goes on', async (_, args) => {
      const learner = await registerLearner(app);
      const device = await connect(learner);
      for (const name of ['attempt.watch', 'auth']) {
        expect(await device.ask(name, ...args)).toEqual({ code: 'request.invalid' });
      }
      device.socket.emit('attempt.watch', ...args);
      device.socket.emit('no.such.event', ...args);
      device.socket.emit('disconnecting-not-quite', ...args);
      await roundTrip(device);
      expect(device.socket.connected).toBe(true);
    });

    it('that are too large close only their own socket', async () => {
      const learner = await registerLearner(app);
      const [one, two] = [await connect(learner), await connect(learner)];
      one.socket.emit('attempt.watch', { attemptId: 'x'.repeat(100_000) });
      await one.closed();
      expect(one.socket.connected).toBe(false);
      await roundTrip(two);
      await learner.call('get', 'users/me').expect(200);
    });
  });

  describe('the end of a session', () => {
    it('by logout closes its sockets and no other, and lets none in again', async () => {
      const learner = await registerLearner(app);
      const other = await again(learner);
      const own = [await connect(learner), await connect(learner)];
      const kept = await connect(other);
      await learner.call('post', 'auth/logout').expect(204);
      await Promise.all(own.map(expectEnded));
      expect(await refusalOf(app, learner.tokens.accessToken)).toBe('auth.session_revoked');
      await roundTrip(kept);
    });

    it('by revocation from another device closes its sockets', async () => {
      const learner = await registerLearner(app);
      const other = await again(learner);
      const [own, theirs] = [await connect(learner), await connect(other)];
      await learner.call('delete', `sessions/${other.tokens.session.id}`).expect(204);
      await expectEnded(theirs);
      expect(await refusalOf(app, other.tokens.accessToken)).toBe('auth.session_revoked');
      await roundTrip(own);
    });

    it('by ending the others closes theirs and keeps mine', async () => {
      const learner = await registerLearner(app);
      const others = [await again(learner), await again(learner)];
      const own = await connect(learner);
      const theirs = [await connect(others[0] as LoggedIn), await connect(others[1] as LoggedIn)];
      await learner.call('delete', 'sessions?except=current').expect(204);
      await Promise.all(theirs.map(expectEnded));
      await roundTrip(own);
    });

    it('by logout-all closes everything the learner has, and nothing of others', async () => {
      const learner = await registerLearner(app);
      const stranger = await connect(await registerLearner(app));
      const other = await again(learner);
      const sockets = [await connect(learner), await connect(other)];
      await learner.call('post', 'auth/logout-all').expect(204);
      await Promise.all(sockets.map(expectEnded));
      for (const { tokens } of [learner, other]) {
        expect(await refusalOf(app, tokens.accessToken)).toBe('auth.session_revoked');
      }
      await roundTrip(stranger);
    });

    it('by a refresh token that was used before closes its sockets', async () => {
      const learner = await registerLearner(app);
      const device = await connect(learner);
      let { refreshToken } = learner.tokens;
      for (let generation = 0; generation < 2; generation += 1) {
        const { body } = await learner.call('post', 'auth/refresh', { refreshToken }).expect(200);
        ({ refreshToken } = body as Tokens);
      }
      await learner.call('post', 'auth/refresh', { refreshToken: learner.tokens.refreshToken }).expect(401);
      await expectEnded(device);
    });

    it(`leaves no socket behind that was being opened (${RACES} races)`, async () => {
      for (let race = 0; race < RACES; race += 1) {
        const learner = await registerLearner(app);
        const opening = Array.from({ length: 3 }, () =>
          connectSocket(app, learner.tokens.accessToken).catch(() => undefined),
        );
        await learner.call('post', 'auth/logout').expect(204);
        for (const client of await Promise.all(opening)) await client?.closed(CLOSED_WITHIN_MS);
      }
    });
  });

  describe('renewal in band', () => {
    it('keeps a socket open past the end of its first token', async () => {
      const { tokens } = await registerLearner(app);
      const short = soon(new TokenForge(app, tokens.accessToken), 2);
      const [renewed, left] = [await connectSocket(app, short), await connectSocket(app, short)];
      open.push(renewed, left);
      expect(await renewed.ask('auth', { token: tokens.accessToken })).toEqual({ ok: true });
      await left.closed();
      expect(left.received.map(({ name }) => name)).toEqual(['ready', 'token.expired']);
      await roundTrip(renewed);
      expect(renewed.received.map(({ name }) => name)).toEqual(['ready']);
    });

    it('takes the token that a refresh gave', async () => {
      const learner = await registerLearner(app);
      const device = await connect(learner);
      const { body } = await learner
        .call('post', 'auth/refresh', { refreshToken: learner.tokens.refreshToken })
        .expect(200);
      expect(await device.ask('auth', { token: (body as Tokens).accessToken })).toEqual({ ok: true });
    });

    it('refuses the token of another session, of another user, and a bad one, and keeps the socket', async () => {
      const learner = await registerLearner(app);
      const device = await connect(learner);
      const [other, stranger] = [await again(learner), await registerLearner(app)];
      const renewWith = (token: string) => device.ask('auth', { token });
      expect(await renewWith(other.tokens.accessToken)).toEqual({ code: 'auth.other_session' });
      expect(await renewWith(stranger.tokens.accessToken)).toEqual({ code: 'auth.other_session' });
      expect(await renewWith('garbage')).toEqual({ code: 'auth.token_invalid' });
      const forge = new TokenForge(app, learner.tokens.accessToken);
      expect(await renewWith(soon(forge, -10))).toEqual({ code: 'auth.token_expired' });
      await other.call('post', 'auth/logout').expect(204);
      expect(await renewWith(other.tokens.accessToken)).toEqual({ code: 'auth.session_revoked' });
      await roundTrip(device);
    });
  });

  it('sends nothing to a server that has stopped', async () => {
    const second = await startTestApp({ mode });
    const learner = await registerLearner(second);
    const client = await connectSocket(second, learner.tokens.accessToken);
    await second.stop();
    await client.closed();
    expect(client.socket.connected).toBe(false);
  });
});
