import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttemptBody, SaveReply } from '../support/attempts.js';
import { saveOf } from '../support/attempts.js';
import { BuiltProduct, buildProduct } from '../support/built-product.js';
import { contentItems } from '../support/content-keys.js';
import { EmbeddedData } from '../support/embedded-data.js';
import { eventually } from '../support/eventually.js';
import { temporaryContent, type TemporaryContent } from '../support/temporary-content.js';
import { demoAccount } from '../support/test-app.js';

const MINI = 'reading-mini-1';
const SECONDS = 1_000;
const LIMIT_MS = 180 * SECONDS;

/** Limits are not what these tests are about. */
const UNLIMITED = { RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'error', PORT: '0' };

describe('the built product with its embedded database', () => {
  const launched: BuiltProduct[] = [];
  let content: TemporaryContent;
  let data: EmbeddedData;

  beforeAll(async () => {
    await buildProduct();
    content = await temporaryContent();
    data = await EmbeddedData.prepare({ ...UNLIMITED, CONTENT_DIR: content.dir });
  }, LIMIT_MS);
  afterEach(async () => {
    for (const product of launched.splice(0)) {
      product.signal('SIGKILL');
      await product.exitCode();
    }
  });
  afterAll(async () => {
    await data.remove();
    await content.remove();
  });

  const start = async (environment: Record<string, string>) => {
    const product = await BuiltProduct.start({ ...UNLIMITED, CONTENT_DIR: content.dir, ...environment });
    launched.push(product);
    return product;
  };
  /** Launches what is expected not to start, and gives what it said. */
  const refusal = async (environment: Record<string, string>) => {
    const product = BuiltProduct.launch(environment);
    launched.push(product);
    return { code: await product.exitCode(), output: product.output };
  };

  it(
    'started for the first time says where everything is, lets a learner take an exam, and stops at Ctrl-C',
    async () => {
      const DATA_DIR = await mkdtemp(join(tmpdir(), 'mockingbird-data-'));
      const product = await start({ DATA_DIR, CONTENT_DIR: 'content' });
      const { output, url } = product;
      for (const [name, path, status] of [
        ['API', '/api/v1', 404],
        ['Swagger', '/docs', 200],
        ['Health', '/health', 200],
        ['Metrics', '/metrics', 200],
      ] as const) {
        expect(output).toMatch(new RegExp(`${name}\\s+${url}${path}\\n`));
        expect((await fetch(url + path)).status).toBe(status);
      }
      for (const role of ['learner', 'teacher', 'admin'] as const) {
        const { email, password } = demoAccount(role);
        expect(output).toMatch(new RegExp(`${role}\\s+${email}\\s+${password}\\n`));
        expect(await login(url, { email, password })).toEqual(expect.any(String));
      }

      const token = await login(url, demoAccount('learner'));
      const { items: exams } = await api<{ items: { id: string; slug: string }[] }>(url, token, 'GET', 'exams');
      const exam = exams.find(({ slug }) => slug === MINI);
      const attempt = await api<AttemptBody>(url, token, 'POST', `exams/${exam?.id}/attempts`);
      const keys = await contentItems('content', MINI);
      const answers = keys.map(({ number, key }) => ({ number, choice: key }));
      await api(url, token, 'PUT', `attempts/${attempt.id}/answers`, saveOf(0, answers));
      await api(url, token, 'POST', `attempts/${attempt.id}/submit`);
      const result = await api<{ total: { raw: number } }>(url, token, 'GET', `attempts/${attempt.id}/result`);
      expect(result.total.raw).toBe(keys.length);

      const stoppedAt = Date.now();
      product.signal('SIGINT');
      expect(await product.exitCode()).toBe(0);
      expect(Date.now() - stoppedAt).toBeLessThan(10 * SECONDS);
      expect(product.output).toContain('Stopped.');
      expect(product.output).not.toMatch(/"level":"(error|fatal)"|Error:|\n {4}at /);
      await rm(DATA_DIR, { recursive: true, force: true });
    },
    LIMIT_MS,
  );

  it(
    'keeps accounts, sessions, attempts and answers over a stop and a start',
    async () => {
      const DATA_DIR = await data.copy();
      const first = await start({ DATA_DIR });
      const account = { email: 'mina@example.org', password: 'plum-kettle-94-river' };
      const registered = await post(first.url, 'auth/register', account);
      expect(registered.status).toBe(201);
      const { accessToken } = (await registered.json()) as { accessToken: string };
      const attempt = await api<AttemptBody>(first.url, accessToken, 'POST', `exams/${MINI}/attempts`);
      const save = saveOf(0, [{ number: 7, choice: 'B' }]);
      const reply = await api<SaveReply>(first.url, accessToken, 'PUT', `attempts/${attempt.id}/answers`, save);
      first.signal('SIGTERM');
      expect(await first.exitCode()).toBe(0);

      const second = await start({ DATA_DIR });
      const token = await login(second.url, account);
      for (const valid of [accessToken, token]) {
        expect(await api(second.url, valid, 'GET', `attempts/${attempt.id}`)).toMatchObject({
          startedAt: attempt.startedAt,
          deadlineAt: attempt.deadlineAt,
          revision: 1,
          answers: [{ number: 7, choice: 'B' }],
        });
      }
      const again = await api<SaveReply>(second.url, token, 'PUT', `attempts/${attempt.id}/answers`, save);
      expect(again).toMatchObject({ revision: reply.revision, savedAt: reply.savedAt });
      expect(await api(second.url, token, 'POST', `exams/${MINI}/attempts`)).toMatchObject({ id: attempt.id });
    },
    LIMIT_MS,
  );

  it(
    'has every acknowledged answer after it was killed in the middle of 200 saves',
    async () => {
      const DATA_DIR = await data.copy();
      const first = await start({ DATA_DIR });
      const token = await login(first.url, demoAccount('learner'));
      const attempt = await api<AttemptBody>(first.url, token, 'POST', `exams/${MINI}/attempts`);
      let acknowledged = 0;
      const saving = (async () => {
        for (let revision = 0; revision < 200; revision += 1) {
          const save = saveOf(revision, [answerOf(revision)]);
          const reply = await api<SaveReply>(first.url, token, 'PUT', `attempts/${attempt.id}/answers`, save);
          acknowledged = reply.revision;
        }
      })().catch(() => undefined);
      await eventually(() => expect(acknowledged).toBeGreaterThan(90), 60 * SECONDS);
      first.signal('SIGKILL');
      await Promise.all([saving, first.exitCode()]);
      expect(acknowledged).toBeLessThan(200);

      const second = await start({ DATA_DIR });
      const state = await api<AttemptBody>(second.url, token, 'GET', `attempts/${attempt.id}`);
      // The reply to the last save may have been lost.
      expect([acknowledged, acknowledged + 1]).toContain(state.revision);
      const expected = new Map<number, string>();
      for (let revision = 0; revision < state.revision; revision += 1) {
        const { number, choice } = answerOf(revision);
        expected.set(number, choice);
      }
      expect(state.answers).toEqual([...expected].map(([number, choice]) => ({ number, choice })));
      await api(second.url, token, 'PUT', `attempts/${attempt.id}/answers`, saveOf(state.revision, [answerOf(0)]));
    },
    LIMIT_MS,
  );

  it(
    'refuses a data folder that another one uses, and a port that is taken, in a sentence',
    async () => {
      const DATA_DIR = await data.copy();
      const first = await start({ DATA_DIR });
      const folder = await refusal({ ...UNLIMITED, DATA_DIR });
      expect(folder).toEqual({ code: 1, output: expect.stringMatching(/data folder \S+ is in use by process \d+/) });
      expect(folder.output).not.toMatch(/\n\s+at /);

      const { port } = new URL(first.url);
      const taken = await refusal({ ...UNLIMITED, DATA_DIR: await data.copy(), PORT: port });
      expect(taken).toEqual({ code: 1, output: expect.stringContaining('Another program uses this port. Set PORT') });
      expect(taken.output).toContain(port);
      expect(taken.output).not.toMatch(/\n\s+at /);

      expect((await fetch(`${first.url}/health`)).status).toBe(200);
    },
    LIMIT_MS,
  );

  it(
    'leaves nothing behind that keeps it from starting when its port was taken',
    async () => {
      const DATA_DIR = await data.copy();
      const blocker = createServer().listen(0, '127.0.0.1');
      await once(blocker, 'listening');
      const PORT = String((blocker.address() as AddressInfo).port);
      expect((await refusal({ ...UNLIMITED, DATA_DIR, PORT })).code).toBe(1);
      blocker.close();
      const product = await start({ DATA_DIR, PORT });
      expect(product.url).toBe(`http://localhost:${PORT}`);
    },
    LIMIT_MS,
  );

  const DATABASE_URL = 'postgres://somebody:hunter2@127.0.0.1:1/nothing';
  const WRONG: [string, Record<string, string>, RegExp[]][] = [
    ['a port that is none', { PORT: '70000' }, [/PORT must be a port, 0 to 65535/]],
    ['a port in words', { PORT: 'http' }, [/PORT must be a port/]],
    ['an unknown cache', { CACHE_TYPE: 'memcached' }, [/CACHE_TYPE must be memory or redis/]],
    ['Redis without its address', { CACHE_TYPE: 'redis' }, [/CACHE_TYPE=redis needs REDIS_ADDR/]],
    [
      'several at once',
      { PORT: 'x', DB_POOL_MAX: '0', ACCESS_TOKEN_TTL: 'soon' },
      [/PORT/, /DB_POOL_MAX/, /ACCESS_TOKEN_TTL/],
    ],
    ['a server database without a secret', { DATABASE_URL }, [/AUTH_SECRET is required with DATABASE_URL/]],
    [
      'production without anything',
      { NODE_ENV: 'production' },
      [/DATABASE_URL is required in production/, /CACHE_TYPE=redis and REDIS_ADDR/],
    ],
    [
      'production without a secret',
      { NODE_ENV: 'production', DATABASE_URL, CACHE_TYPE: 'redis', REDIS_ADDR: '127.0.0.1:1' },
      [/AUTH_SECRET is required/],
    ],
    [
      'production with a pasted secret',
      {
        NODE_ENV: 'production',
        DATABASE_URL,
        CACHE_TYPE: 'redis',
        REDIS_ADDR: '127.0.0.1:1',
        AUTH_SECRET: 'change-me-change-me-change-me-change-me',
      },
      [/AUTH_SECRET is a placeholder/],
    ],
  ];
  it.each(WRONG)('refuses %s and names the variable', async (_, environment, sentences) => {
    const { code, output } = await refusal({ DATA_DIR: '/nowhere', ...environment });
    expect(code).toBe(1);
    for (const sentence of sentences) expect(output).toMatch(sentence);
    expect(output).not.toMatch(/\n\s+at |hunter2|change-me/);
  });
});

function answerOf(revision: number) {
  return { number: (revision % 40) + 1, choice: 'ABCD'[Math.floor(revision / 40) % 4] as string };
}

function post(url: string, path: string, body: object): Promise<Response> {
  return fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function login(url: string, account: { email: string; password: string }): Promise<string> {
  const reply = await post(url, 'auth/login', account);
  return ((await reply.json()) as { accessToken: string }).accessToken;
}

/** Calls the API with plain fetch; fails unless it succeeds. */
async function api<Body>(url: string, token: string, method: string, path: string, body?: object): Promise<Body> {
  const reply = await fetch(`${url}/api/v1/${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as Body;
}
