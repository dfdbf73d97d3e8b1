import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeProtectedHeader } from 'jose';
import { ApiClient, loginAs, registerLearner, type Tokens } from '../support/api-client.js';
import { BuiltProduct, buildProduct } from '../support/built-product.js';
import { eventually } from '../support/eventually.js';
import { PostgresServer } from '../support/postgres-server.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { connectSocket } from '../support/socket-client.js';
import { SECRET, startTestApp, type TestApp } from '../support/test-app.js';

const ROTATE = 'dist/apps/api/src/rotate-keys.js';
const PROPAGATION_MS = 2000;
const IN_FORCE_WITHIN_MS = 1000;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const ENVIRONMENT = { SIGNING_KEY_PROPAGATION: `${PROPAGATION_MS / 1000}s` };

interface KeyBody {
  readonly kid: string;
  readonly state: string;
  readonly current: boolean;
  readonly createdAt: string;
  readonly activeFrom: string;
  readonly validUntil: string | null;
  readonly revokedAt: string | null;
}
interface KeySet {
  readonly keys: readonly Readonly<Record<string, string>>[];
}

const kidOf = ({ accessToken }: Pick<Tokens, 'accessToken'>) => decodeProtectedHeader(accessToken).kid as string;
const me = ({ url }: TestApp, { accessToken }: Pick<Tokens, 'accessToken'>) =>
  new ApiClient(url).call('get', 'users/me').set('Authorization', `Bearer ${accessToken}`);
const refreshOn = ({ url }: TestApp, { refreshToken }: Tokens) =>
  new ApiClient(url).call('post', 'auth/refresh', { refreshToken });
const refreshed = async (app: TestApp, tokens: Tokens) => (await refreshOn(app, tokens).expect(200)).body as Tokens;
const publishedBy = async ({ url }: TestApp) =>
  ((await (await fetch(`${url}/.well-known/jwks.json`)).json()) as KeySet).keys.map(({ kid }) => kid as string);

/** An admin with a token of now: those from before may be of a revoked key. */
const admin = (app: TestApp) => loginAs(app, 'admin');
const keysOf = async (app: TestApp) => {
  const { body } = await (await admin(app)).call('get', 'admin/signing-keys').expect(200);
  return (body as { items: KeyBody[] }).items;
};
/** In turns, so that calls are on both instances. */
const oneOf = (clients: readonly ApiClient[], index: number) => clients[index % clients.length] as ApiClient;
const currentOf = async (app: TestApp) => (await keysOf(app)).find(({ current }) => current)?.kid as string;
const rotate = async (app: TestApp) => (await admin(app)).call('post', 'admin/signing-keys');
const revoke = async (app: TestApp, kid: string) => (await admin(app)).call('delete', `admin/signing-keys/${kid}`);
const age = ({ databaseUrl }: TestApp, seconds: number) =>
  runSql(
    databaseUrl,
    `UPDATE signing_keys SET created_at = created_at - $1 * interval '1 s', active_from = active_from - $1 * interval '1 s'`,
    [seconds],
  );

async function runRotation(environment: Record<string, string>) {
  const program = BuiltProduct.launch(environment, ROTATE);
  return { code: await program.exitCode(), output: program.output };
}

describe('the signing keys of two instances', () => {
  let a: TestApp;
  let b: TestApp;
  const run = (environment: Record<string, string> = {}) =>
    runRotation({ DATABASE_URL: a.databaseUrl, AUTH_SECRET: SECRET, ...ENVIRONMENT, ...environment });
  beforeAll(async () => {
    a = await startTestApp({ mode: 'memory', environment: ENVIRONMENT });
    b = await startTestApp({ mode: 'memory', environment: ENVIRONMENT, beside: a });
  });
  /** The next test finds no rotation under way. */
  afterEach(() => age(a, PROPAGATION_MS / 1000));
  afterAll(async () => {
    await b.stop();
    await a.stop();
  });

  /** Rotated, and the new key signs on both. */
  const rotated = async () => {
    const { body } = await rotate(a);
    await age(a, PROPAGATION_MS / 1000);
    const { tokens } = await registerLearner(a);
    await eventually(async () => {
      for (const app of [a, b]) expect(kidOf(await refreshed(app, tokens))).toBe(body.kid);
    });
    return body as KeyBody;
  };

  describe('for admins', () => {
    it('are listed newest first, with exactly the documented members', async () => {
      await rotated();
      const keys = await keysOf(b);
      for (const key of keys) {
        expect(key).toEqual({
          kid: expect.stringMatching(/^[\w-]{43}$/),
          state: expect.stringMatching(/^(active|retiring|revoked)$/),
          current: expect.any(Boolean),
          createdAt: expect.stringMatching(RFC_3339),
          activeFrom: expect.stringMatching(RFC_3339),
          validUntil: key.current ? null : expect.stringMatching(RFC_3339),
          revokedAt: null,
        });
      }
      expect(keys.map(({ state, current }) => [state, current])).toEqual([
        ['active', true],
        ['retiring', false],
      ]);
    });

    it('are nothing for learners and teachers', async () => {
      const kid = await currentOf(a);
      const before = await keysOf(a);
      for (const caller of [await registerLearner(a), await loginAs(a, 'teacher')]) {
        for (const [method, path] of [
          ['get', ''],
          ['post', ''],
          ['delete', `/${kid}`],
        ] as const) {
          expectProblem(await caller.call(method, `admin/signing-keys${path}`), 403, 'auth.role_required');
        }
      }
      expect(await keysOf(a)).toEqual(before);
    });

    it('answer 404 to a key id that is none of theirs, and 400 to what is no key id', async () => {
      const unknown = createHash('sha256').update('nobody').digest('base64url');
      expectProblem(await revoke(a, unknown), 404, 'signing_key.not_found');
      for (const kid of ['x', unknown.slice(1), `${unknown}A`, "' OR 1=1 --", '%00', '..%2f']) {
        const response = await (await admin(a)).call('delete', `admin/signing-keys/${encodeURI(kid)}`);
        expectProblem(response, 400, 'request.invalid');
      }
    });
  });

  describe('the key set', () => {
    it('holds public members only, whatever is in the table', async () => {
      await runSql(a.databaseUrl, `UPDATE signing_keys SET public_jwk = public_jwk || '{"d":"AAAA","k":"AAAA"}'`);
      const c = await startTestApp({ mode: 'memory', environment: ENVIRONMENT, beside: a });
      for (const app of [a, b, c]) {
        const text = await (await fetch(`${app.url}/.well-known/jwks.json`)).text();
        const { keys, ...rest } = JSON.parse(text) as KeySet;
        expect(rest).toEqual({});
        expect(keys.length).toBeGreaterThan(0);
        for (const key of keys) {
          expect(key).toEqual({
            kty: 'EC',
            crv: 'P-256',
            x: expect.stringMatching(/^[\w-]{43}$/),
            y: expect.stringMatching(/^[\w-]{43}$/),
            kid: expect.stringMatching(/^[\w-]{43}$/),
            alg: 'ES256',
            use: 'sig',
          });
          for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])
            expect(key).not.toHaveProperty(secret);
        }
      }
      await c.stop();
      await runSql(a.databaseUrl, `UPDATE signing_keys SET public_jwk = public_jwk - 'd' - 'k'`);
    });

    it('may be kept half as long as a new key waits', async () => {
      for (const app of [a, b]) {
        const { headers } = await fetch(`${app.url}/.well-known/jwks.json`);
        expect(headers.get('cache-control')).toBe(`public, max-age=${PROPAGATION_MS / 2000}`);
      }
    });
  });

  describe('rotating', () => {
    it('publishes the new key everywhere before it signs: nobody meets a token of a key they do not know', async () => {
      const learner = await registerLearner(a);
      const before = await currentOf(a);
      /** A verifier elsewhere that keeps its copy as long as it may, and asks the other instance. */
      const copy = { at: performance.now(), kids: await publishedBy(b) };
      const { status, body: made } = await rotate(a);
      expect(status).toBe(201);
      expect(made).toMatchObject({ state: 'active', current: false, validUntil: null });
      expect(Date.parse(made.activeFrom) - Date.parse(made.createdAt)).toBe(PROPAGATION_MS);
      expect(await publishedBy(a)).toContain(made.kid);
      await eventually(async () => expect(await publishedBy(b)).toContain(made.kid), IN_FORCE_WITHIN_MS);

      let { tokens } = learner;
      const signers = new Set<string>();
      const until = performance.now() + PROPAGATION_MS + 1500;
      for (let round = 0; performance.now() < until; round += 1) {
        const [here, there] = round % 2 === 0 ? [a, b] : [b, a];
        tokens = await refreshed(here, tokens);
        signers.add(kidOf(tokens));
        await me(there, tokens).expect(200);
        await me(here, learner.tokens).expect(200);
        if (performance.now() - copy.at >= PROPAGATION_MS / 2) {
          Object.assign(copy, { at: performance.now(), kids: await publishedBy(there) });
        }
        expect(copy.kids).toContain(kidOf(tokens));
        await sleep(20);
      }
      expect([...signers]).toEqual([before, made.kid]);
    });

    it('makes one key however many rotate at once, on whichever instance', async () => {
      const before = (await keysOf(a)).length;
      const admins = [await admin(a), await admin(b)];
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => oneOf(admins, index).call('post', 'admin/signing-keys')),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
      expect(new Set(answers.map((answer) => answer.body.kid)).size).toBe(1);
      expect(await keysOf(b)).toHaveLength(before + 1);
    });

    it('again, once the new key signs, makes another', async () => {
      const first = await rotated();
      const second = await rotated();
      expect(second.kid).not.toBe(first.kid);
      expect((await keysOf(a)).slice(0, 2).map(({ kid, state }) => [kid, state])).toEqual([
        [second.kid, 'active'],
        [first.kid, 'retiring'],
      ]);
    });
  });

  describe('retiring', () => {
    it('takes as long as tokens of the key may live; then it leaves the key set, and the table at the next rotation', async () => {
      const { tokens } = await registerLearner(a);
      const old = kidOf(tokens);
      await rotated();
      const { activeFrom } = (await keysOf(a)).find(({ current }) => current) as KeyBody;
      const { validUntil } = (await keysOf(a)).find(({ kid }) => kid === old) as KeyBody;
      // Ten minutes, and one more for clocks and delays.
      expect(Date.parse(validUntil as string) - Date.parse(activeFrom)).toBe(660_000);

      await age(a, 630);
      for (const app of [a, b]) {
        await sleep(IN_FORCE_WITHIN_MS);
        expect(await publishedBy(app)).toContain(old);
        await me(app, tokens).expect(200);
      }
      await age(a, 60);
      for (const app of [a, b]) {
        await eventually(async () => expect(await publishedBy(app)).not.toContain(old), IN_FORCE_WITHIN_MS);
        expectProblem(await me(app, tokens), 401, 'auth.token_invalid');
      }
      expect((await keysOf(b)).map(({ kid }) => kid)).not.toContain(old);
      await rotate(b);
      expect(await runSql(a.databaseUrl, 'SELECT 1 FROM signing_keys WHERE kid = $1', [old])).toEqual([]);
    });

    it('lasts longer when some instance issues tokens that live longer', async () => {
      const long = await startTestApp({
        mode: 'memory',
        environment: { ...ENVIRONMENT, ACCESS_TOKEN_TTL: '3h' },
        beside: a,
      });
      const old = await currentOf(a);
      await rotated();
      const keys = await keysOf(a);
      await long.stop();
      const { activeFrom } = keys.find(({ current }) => current) as KeyBody;
      const { validUntil } = keys.find(({ kid }) => kid === old) as KeyBody;
      expect(Date.parse(validUntil as string) - Date.parse(activeFrom)).toBe(3 * 3_600_000 + 60_000);
      await runSql(a.databaseUrl, 'UPDATE signing_keys SET token_ttl_seconds = 600');
    });
  });

  describe('revoking', () => {
    it(`is in force on the other instance within ${IN_FORCE_WITHIN_MS} ms, and refreshing gives a good token`, async () => {
      const delays: number[] = [];
      for (let round = 0; round < 10; round += 1) {
        const [here, there] = round % 2 === 0 ? [a, b] : [b, a];
        const { tokens } = await registerLearner(here);
        // Both have verified it and remember it.
        for (const app of [a, b]) await me(app, tokens).expect(200);
        const caller = await admin(here);
        await caller.call('delete', `admin/signing-keys/${kidOf(tokens)}`).expect(204, '');
        const revokedAt = performance.now();
        expectProblem(await me(here, tokens), 401, 'auth.token_invalid');
        expect(await publishedBy(here)).not.toContain(kidOf(tokens));
        await eventually(async () => expectProblem(await me(there, tokens), 401, 'auth.token_invalid'));
        delays.push(performance.now() - revokedAt);
        expect(await publishedBy(there)).not.toContain(kidOf(tokens));

        const renewed = await refreshed(there, tokens);
        expect(kidOf(renewed)).not.toBe(kidOf(tokens));
        expect(renewed.session).toEqual(tokens.session);
        for (const app of [here, there]) await me(app, renewed).expect(200);
        for (const app of [here, there]) expectProblem(await me(app, tokens), 401, 'auth.token_invalid');
      }
      expect(Math.max(...delays)).toBeLessThan(IN_FORCE_WITHIN_MS);
    });

    it('makes the next key in the same transaction, and leaves nothing of the private part', async () => {
      const old = await currentOf(a);
      expect((await revoke(b, old)).status).toBe(204);
      const keys = await keysOf(b);
      const next = keys.find(({ current }) => current);
      const key = keys.find(({ kid }) => kid === old);
      expect(key).toMatchObject({ state: 'revoked', current: false, revokedAt: expect.stringMatching(RFC_3339) });
      const rows = await runSql<{ same: boolean; bytes: number }>(
        a.databaseUrl,
        `SELECT old.xmin = next.xmin AS same, length(old.sealed_private_key) AS bytes
         FROM signing_keys old, signing_keys next WHERE old.kid = $1 AND next.kid = $2`,
        [old, next?.kid],
      );
      expect(rows).toEqual([{ same: true, bytes: 0 }]);
      await eventually(async () => expect(await publishedBy(a)).not.toContain(old), IN_FORCE_WITHIN_MS);
    });

    it('closes the sockets of its tokens on both, within a second', async () => {
      const learner = await registerLearner(a);
      const sockets = await Promise.all([a, b].map((app) => connectSocket(app, learner.tokens.accessToken)));
      for (const socket of sockets) await socket.event('ready');
      await (await admin(a)).call('delete', `admin/signing-keys/${kidOf(learner.tokens)}`).expect(204);
      for (const socket of sockets) {
        await socket.closed(IN_FORCE_WITHIN_MS);
        expect(socket.socket.connected).toBe(false);
        expect(socket.received.map(({ name }) => name)).toContain('token.expired');
      }
    });

    it('of a retiring key touches nobody else', async () => {
      const { tokens: early } = await registerLearner(a);
      await rotated();
      const { tokens: late } = await registerLearner(a);
      expect((await revoke(a, kidOf(early))).status).toBe(204);
      await eventually(async () => expectProblem(await me(b, early), 401, 'auth.token_invalid'), IN_FORCE_WITHIN_MS);
      for (const app of [a, b]) await me(app, late).expect(200);
      expect(await currentOf(b)).toBe(kidOf(late));
    });

    it('of a key that does not sign yet calls the rotation off', async () => {
      const before = await currentOf(a);
      const { body: made } = await rotate(a);
      expect((await revoke(b, made.kid)).status).toBe(204);
      await age(a, PROPAGATION_MS / 1000);
      const keys = await keysOf(b);
      expect(keys.find(({ current }) => current)).toMatchObject({ kid: before, validUntil: null });
      for (const app of [a, b]) expect(await publishedBy(app)).toContain(before);
      const { tokens } = await registerLearner(b);
      expect(kidOf(tokens)).toBe(before);
    });

    it('during a rotation lets the new key sign at once', async () => {
      const before = await currentOf(a);
      const { body: made } = await rotate(a);
      expect((await revoke(b, before)).status).toBe(204);
      const { tokens } = await registerLearner(b);
      expect(kidOf(tokens)).toBe(made.kid);
      expect((await keysOf(b)).filter(({ state }) => state === 'active')).toHaveLength(1);
    });

    it('once more changes nothing', async () => {
      const old = await currentOf(a);
      expect((await revoke(a, old)).status).toBe(204);
      const keys = await keysOf(a);
      expect((await revoke(b, old)).status).toBe(204);
      expect(await keysOf(a)).toEqual(keys);
    });

    it('at once on both makes one key', async () => {
      const admins = [await admin(a), await admin(b)];
      const old = await currentOf(a);
      const before = (await keysOf(a)).length;
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => oneOf(admins, index).call('delete', `admin/signing-keys/${old}`)),
      );
      // Whoever asked after the others had succeeded asked with a revoked token.
      for (const answer of answers) expect([204, 401]).toContain(answer.status);
      expect(answers[0]?.status).toBe(204);
      expect(await keysOf(a)).toHaveLength(before + 1);
    });

    it('and rotating, all at once, leave one key that signs', async () => {
      for (let round = 0; round < 5; round += 1) {
        const admins = [await admin(a), await admin(b)];
        const kid = await currentOf(a);
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, index) =>
            index % 4 < 2
              ? oneOf(admins, index).call('post', 'admin/signing-keys')
              : oneOf(admins, index).call('delete', `admin/signing-keys/${kid}`),
          ),
        );
        for (const answer of answers) expect([200, 201, 204, 401]).toContain(answer.status);
        const keys = await keysOf(b);
        expect(keys.filter(({ current }) => current)).toHaveLength(1);
        expect(keys.filter(({ state }) => state === 'active').length).toBeLessThanOrEqual(2);
        const { tokens } = await registerLearner(a);
        await me(b, tokens).expect(200);
        await age(a, PROPAGATION_MS / 1000);
      }
    });
  });

  describe('npm run keys:rotate', () => {
    beforeAll(buildProduct, 180_000);

    it('makes a key that running instances publish and then sign with; running it twice makes one', async () => {
      const [first, second] = await Promise.all([run(), run()]);
      expect([first.code, second.code]).toEqual([0, 0]);
      const [kid] = /(?<=key )[\w-]{43}/.exec(first.output) as RegExpExecArray;
      expect([first.output, second.output].toSorted()).toEqual([
        expect.stringMatching(`^A rotation is under way already, to key ${kid}\\.\nIt signs from \\S+Z;`),
        expect.stringMatching(`^Made key ${kid}\\.\nIt signs from \\S+Z;`),
      ]);
      for (const app of [a, b]) {
        await eventually(async () => expect(await publishedBy(app)).toContain(kid), IN_FORCE_WITHIN_MS);
      }
      const { tokens } = await registerLearner(a);
      await eventually(async () => expect(kidOf(await refreshed(b, tokens))).toBe(kid), PROPAGATION_MS + 2000);
    });

    it('refuses a secret that the instances do not have, and changes nothing', async () => {
      const before = await keysOf(a);
      const { code, output } = await run({ AUTH_SECRET: 'Another-secret-that-is-long-enough-4711' });
      expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('AUTH_SECRET is not the one') });
      expect(output).not.toMatch(/\n\s+at |4711/);
      expect(await keysOf(a)).toEqual(before);
    });

    it('refuses to run before the migrations', async () => {
      const [last] = await runSql<{ name: string; timestamp: string }>(
        a.databaseUrl,
        'DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations) RETURNING name, timestamp',
      );
      const { code, output } = await run();
      await runSql(a.databaseUrl, 'INSERT INTO migrations (name, timestamp) VALUES ($1, $2)', [
        last?.name,
        last?.timestamp,
      ]);
      expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('run npm run migrate first') });
    });
  });
});

describe('signing keys of the embedded database', () => {
  it('are rotated by the command while no server runs, which says so while one does', async () => {
    await buildProduct();
    const DATA_DIR = await mkdtemp(join(tmpdir(), 'mockingbird-data-'));
    const run = () => runRotation({ DATA_DIR });
    const server = await BuiltProduct.start({ DATA_DIR, PORT: '0', LOG_LEVEL: 'error' });
    try {
      expect(await run()).toEqual({
        code: 1,
        output: expect.stringMatching(/is in use by process \d+.*\n.*POST \/api\/v1\/admin\/signing-keys/),
      });
      server.signal('SIGTERM');
      expect(await server.exitCode()).toBe(0);
      expect(await run()).toEqual({ code: 0, output: expect.stringMatching(/^Made key [\w-]{43}\./m) });
      expect(await run()).toEqual({ code: 0, output: expect.stringMatching(/^A rotation is under way already/m) });
    } finally {
      server.signal('SIGKILL');
      await rm(DATA_DIR, { recursive: true, force: true });
    }
  }, 180_000);
});

describe('signing keys without their database', () => {
  it('stay as they are: nobody is told that a good token is bad', async () => {
    const server = await PostgresServer.start();
    const database = await server.createDatabase();
    const app = await startTestApp({ mode: 'memory', beside: { databaseUrl: database, redisAddr: undefined } });
    try {
      const learner = await registerLearner(app);
      await me(app, learner.tokens).expect(200);
      const published = await publishedBy(app);
      await server.kill();
      const until = performance.now() + 2000;
      while (performance.now() < until) {
        expect([200, 503]).toContain((await me(app, learner.tokens)).status);
        expect(await publishedBy(app)).toEqual(published);
      }
      await server.restart();
      await eventually(() => me(app, learner.tokens).expect(200), 20_000);
    } finally {
      await app.stop();
      await server.stop();
    }
  });
});
