import { setTimeout as sleep } from 'node:timers/promises';
import { buildProduct } from '../support/built-product.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/run-sql.js';
import { connectSocket, refusalOf } from '../support/socket-client.js';
import { extent, FULL } from './support/extent.js';
import { Fleet } from './support/fleet.js';
import {
  login,
  logout,
  logoutEverywhere,
  me,
  refresh,
  register,
  resetPassword,
  toClient,
  type Answer,
  type Client,
} from './support/http.js';
import { LearnerLoad, type Experience } from './support/learner-load.js';
import { REDIS_FAULTS } from './support/redis-faults.js';

const PROCESSES = 3;
const LOGOUT_ROUNDS = extent(1000, 20);
const RACE_ROUNDS = extent(500, 10);
const LEARNERS = extent(40, 8);
const ANSWERED_WITHIN_MS = 1000;
/** In the short form other tests run at the same time: what is slow without a fault is not the fault's. */
const CALM_FACTOR = extent(0, 3);
/** Before and after each fault. */
const CALM_MS = extent(1000, 600);
/** For the logouts that a run needs, once the fault is over. */
const ENOUGH_WITHIN_MS = 30_000;
const CLOSED_WITHIN_MS = 1000;
const LIMIT_MS = extent(900_000, 120_000);

const say = (what: string, experience: Experience) => process.stdout.write(`${what}: ${JSON.stringify(experience)}\n`);

beforeAll(buildProduct, LIMIT_MS);

describe.each(['strict', 'streamed'] as const)('three processes (%s)', (accessCheck) => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await Fleet.launch(PROCESSES, { ACCESS_CHECK: accessCheck });
  }, LIMIT_MS);
  afterAll(() => fleet.stop(), LIMIT_MS);

  const sessionRow = async ({ sessionId }: Client) => {
    const [row] = await runSql<{ generation: number }>(
      fleet.postgres.url(),
      'SELECT generation FROM sessions WHERE id = $1',
      [sessionId],
    );
    return row as { generation: number };
  };
  const everywhere = <Result>(ask: (url: string) => Promise<Result>) => Promise.all(fleet.urls.map(ask));
  const expectDead = async (client: Client) => {
    for (const { status, code } of await everywhere((url) => me(url, client))) {
      expect({ status, code }).toEqual({ status: 401, code: 'auth.session_revoked' });
    }
    for (const { status } of await everywhere((url) => refresh(url, client.refreshToken))) expect(status).toBe(401);
  };
  const expectAlive = async (client: Client) => {
    for (const { status } of await everywhere((url) => me(url, client))) expect(status).toBe(200);
  };

  it('give one successor to 50 refreshes of one token', async () => {
    const client = await register(fleet.url(0));
    const before = await sessionRow(client);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => refresh(fleet.url(index), client.refreshToken)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(new Set(answers.map(({ body }) => body['refreshToken'])).size).toBe(1);
    expect((await sessionRow(client)).generation).toBe(before.generation + 1);
  });

  it('give the same successor again when the reply was lost: at once, and ten minutes later', async () => {
    const client = await register(fleet.url(0));
    const lost = await refresh(fleet.url(0), client.refreshToken);
    const atOnce = await refresh(fleet.url(1), client.refreshToken);
    await runSql(
      fleet.postgres.url(),
      "UPDATE sessions SET rotated_at = rotated_at - interval '10 minutes' WHERE id = $1",
      [client.sessionId],
    );
    const later = await refresh(fleet.url(2), client.refreshToken);
    for (const { status, body } of [atOnce, later]) {
      expect(status).toBe(200);
      expect(body['refreshToken']).toBe(lost.body['refreshToken']);
    }
  });

  it('end a session everywhere when an old token of it comes back, and no other of the user', async () => {
    const [client, other] = await register(fleet.url(0)).then(async (one) => [
      one,
      await login(fleet.url(1), one.email),
    ]);
    const first = toClient(await refresh(fleet.url(1), (client as Client).refreshToken), '');
    const second = toClient(await refresh(fleet.url(2), first.refreshToken), '');
    const replay = await refresh(fleet.url(0), (client as Client).refreshToken);
    expect(replay).toMatchObject({ status: 401, code: 'auth.refresh_reused' });
    await expectDead(second);
    await expectAlive(other as Client);
  });

  it(
    `refuse everywhere what was logged out on one (${LOGOUT_ROUNDS} rounds)`,
    async () => {
      const { email } = await register(fleet.url(0));
      let accepted = 0;
      for (let round = 0; round < LOGOUT_ROUNDS; round += 1) {
        const client = await login(fleet.url(round), email);
        await me(fleet.url(round + 1), client);
        await me(fleet.url(round + 2), client);
        expect((await logout(fleet.url(round), client)).status).toBe(204);
        const answers = await everywhere((url) => me(url, client));
        accepted += answers.filter(({ status }) => status !== 401).length;
      }
      expect(accepted).toBe(0);
    },
    LIMIT_MS,
  );

  it.each<[string, (url: string, client: Client) => Promise<Answer>]>([
    ['a logout everywhere', logoutEverywhere],
    ['a password reset', async (url, { email }) => resetPassword(url, await fleet.resetToken(email))],
  ])(
    `leave nothing alive when refreshes race with %s (${RACE_ROUNDS} rounds)`,
    async (_, endEverything) => {
      const { email } = await register(fleet.url(0));
      let survivors = 0;
      for (let round = 0; round < RACE_ROUNDS; round += 1) {
        const [one, two] = [await login(fleet.url(round), email), await login(fleet.url(round + 1), email)];
        const racing = fleet.urls.map((url) => refresh(url, two.refreshToken));
        const [ended, ...renewed] = await Promise.all([endEverything(fleet.url(round + 2), one), ...racing]);
        expect(ended.status).toBe(204);
        const tokens = renewed.filter(({ status }) => status === 200).map((answer) => toClient(answer, email));
        for (const client of [one, two, ...tokens]) {
          const answers = await everywhere((url) => me(url, client));
          const renewals = await everywhere((url) => refresh(url, client.refreshToken));
          survivors += [...answers, ...renewals].filter(({ status }) => status === 200).length;
        }
      }
      expect(survivors).toBe(0);
    },
    LIMIT_MS,
  );

  it('close the sockets on every process within a second, and let none back in', async () => {
    const client = await register(fleet.url(0));
    const sockets = await everywhere(async (url) => {
      const socket = await connectSocket({ url }, client.accessToken);
      await socket.event('ready');
      return socket;
    });
    expect((await logout(fleet.url(1), client)).status).toBe(204);
    for (const socket of sockets) await socket.closed(CLOSED_WITHIN_MS);
    expect(sockets.map(({ socket }) => socket.connected)).toEqual([false, false, false]);
    expect(await everywhere((url) => refusalOf({ url }, client.accessToken))).toEqual(
      Array.from({ length: PROCESSES }, () => 'auth.session_revoked'),
    );
  });

  it(
    'serve no revoked token from a process that was asleep',
    async () => {
      const client = await register(fleet.url(0));
      await expectAlive(client);
      fleet.signal(2, 'SIGSTOP');
      const ended = await logout(fleet.url(0), client);
      const waiting = Array.from({ length: 20 }, () => me(fleet.url(2), client));
      await sleep(200);
      fleet.signal(2, 'SIGCONT');
      expect(ended.status).toBe(204);
      for (const { status } of await Promise.all(waiting)) expect(status).toBe(401);
    },
    LIMIT_MS,
  );

  /** Learners work while something is done to Redis; afterwards nothing was wrongly accepted or lost. */
  async function survive(what: string, disturb: () => Promise<void>): Promise<void> {
    const load = await LearnerLoad.begin(fleet.urls, LEARNERS);
    await sleep(CALM_MS);
    const calmMs = load.experience.slowestMs;
    try {
      await disturb();
      await sleep(CALM_MS);
      // A slow machine needs longer for as many.
      await eventually(() => expect(load.experience.logouts).toBeGreaterThan(LEARNERS / 2), ENOUGH_WITHIN_MS);
    } finally {
      say(`${accessCheck}, ${what}`, await load.stop());
    }
    const { acceptedRevoked, lostSessions, wrong, unanswered, slowestMs } = load.experience;
    expect({ acceptedRevoked, lostSessions, wrong, unanswered }).toEqual({
      acceptedRevoked: 0,
      lostSessions: 0,
      wrong: [],
      unanswered: 0,
    });
    expect(slowestMs).toBeLessThan(ANSWERED_WITHIN_MS + CALM_FACTOR * calmMs);
  }

  it.each(Object.entries(REDIS_FAULTS))(
    'survive a Redis that %s',
    (what, disturb) => survive(what, () => disturb(fleet)),
    LIMIT_MS,
  );

  it(
    'say 503 while Postgres is away, and never a false success',
    async () => {
      const client = await register(fleet.url(0));
      await fleet.postgres.kill();
      try {
        for (const answer of [
          ...(await everywhere((url) => logout(url, client))),
          ...(await everywhere((url) => refresh(url, client.refreshToken))),
          ...(await everywhere((url) => logoutEverywhere(url, client))),
        ]) {
          expect({ status: answer.status, retryAfter: answer.retryAfter }).toEqual({ status: 503, retryAfter: '1' });
          expect(answer.ms).toBeLessThan(FULL ? 3000 : 6000);
        }
      } finally {
        await fleet.postgres.restart();
      }
      await eventually(() => expectAlive(client), 20_000);
      expect((await logout(fleet.url(1), client)).status).toBe(204);
      await expectDead(client);
    },
    LIMIT_MS,
  );

  it(
    'keep an acknowledged logout when everything is killed at the moment after',
    async () => {
      const [client, kept] = [await register(fleet.url(0)), await register(fleet.url(1))];
      await expectAlive(client);
      const { status } = await logout(fleet.url(2), client);
      await Promise.all([fleet.killAll(), fleet.redis.kill(), fleet.postgres.kill()]);
      await fleet.postgres.restart();
      await fleet.redis.restart();
      await fleet.add(PROCESSES);
      expect(status).toBe(204);
      await expectDead(client);
      await expectAlive(kept);
    },
    LIMIT_MS,
  );
});
