import { jest } from '@jest/globals';
import { PasswordHasher } from '../../libs/auth/src/password-hasher.js';
import { ApiClient, login, registerLearner, type Tokens } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

/** No bucket refills while a test runs. */
const ENVIRONMENT = {
  TRUSTED_PROXIES: '127.0.0.1',
  AUTH_RATE_LIMIT_REQUESTS: '0.0001',
  AUTH_RATE_LIMIT_BURST: '5',
  AUTH_ADDRESS_RATE_LIMIT_REQUESTS: '0.0001',
  AUTH_ADDRESS_RATE_LIMIT_BURST: '120',
};
const COUNTRY_HOUSE = 'amber-violin-51-harbour';
let networks = 0;
/** One nobody has called from. */
const newAddress = () => {
  networks += 1;
  return `198.51.${Math.floor(networks / 250)}.${(networks % 250) + 1}`;
};

type Marked = Tokens & { readonly deviceToken: string };
const count = (answers: readonly { status: number }[], status: number) =>
  answers.filter((answer) => answer.status === status).length;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;
const timed = async (call: () => Promise<unknown>) => {
  const start = performance.now();
  await call();
  return performance.now() - start;
};

describe.each(STORE_MODES)('guessing passwords with %s stores', (mode) => {
  let app: TestApp;
  let second: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode, environment: ENVIRONMENT });
    second = await startTestApp({ mode, environment: ENVIRONMENT, beside: app });
  });
  afterAll(async () => {
    await second.stop();
    await app.stop();
  });

  interface Guess {
    readonly email: string;
    readonly password?: string;
    readonly deviceToken?: string | undefined;
    readonly from?: string;
    readonly at?: TestApp;
  }
  const guess = ({ from = newAddress(), at = app, password = 'wrong-guess', email, deviceToken }: Guess) =>
    new ApiClient(at.url)
      .call('post', 'auth/login', { email, password, ...(deviceToken !== undefined && { deviceToken }) })
      .set('X-Forwarded-For', from);
  const newLearner = async () => {
    const learner = await registerLearner(app);
    const tokens = learner.tokens as Marked;
    return { tokens, password: learner.password, email: tokens.user.email };
  };
  const spent = async (email: string) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => guess({ email })));
    expect(count(answers, 429)).toBeGreaterThan(0);
  };

  it('100 at once, at one account from 100 addresses: exactly the burst is looked at', async () => {
    const { email } = await newLearner();
    const at = mode === 'redis' ? [app, second] : [app];
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => guess({ email, at: at[index % at.length] as TestApp })),
    );
    expect({ looked: count(answers, 401), limited: count(answers, 429) }).toEqual({ looked: 5, limited: 95 });
    const limited = answers.find(({ status }) => status === 429) as (typeof answers)[number];
    expectProblem(limited, 429, 'rate_limit.exceeded');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('an account that is not there is limited like one that is', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => guess({ email: 'nobody@example.org' })));
    expect({ looked: count(answers, 401), limited: count(answers, 429) }).toEqual({ looked: 5, limited: 25 });
    expectProblem(await guess({ email: 'NOBODY@Example.org' }), 429, 'rate_limit.exceeded');
  });

  it('one address, at many accounts: exactly its burst is looked at, and no other address is concerned', async () => {
    const from = newAddress();
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, index) => guess({ email: `victim-${index}@example.org`, from })),
    );
    expect({ looked: count(answers, 401), limited: count(answers, 429) }).toEqual({ looked: 120, limited: 30 });
    const { email, password } = await newLearner();
    expect((await guess({ email, password, from })).status).toBe(429);
    expect((await guess({ email, password })).status).toBe(200);
  });

  it('one IPv6 network is one address', async () => {
    const answers = await Promise.all(
      Array.from({ length: 140 }, (_, index) =>
        guess({ email: `six-${index}@example.org`, from: `2001:db8:1:2::${(index + 1).toString(16)}` }),
      ),
    );
    expect(count(answers, 401)).toBe(120);
    expect((await guess({ email: 'six@example.org', from: '2001:db8:1:3::1' })).status).toBe(401);
  });

  describe('while strangers guess, a device that was logged in before', () => {
    it('gets in with its token, and nobody gets in without', async () => {
      const { email, password, tokens } = await newLearner();
      await spent(email);
      expect((await guess({ email, password })).status).toBe(429);
      const answer = await guess({ email, password, deviceToken: tokens.deviceToken });
      expect(answer.status).toBe(200);
      const again = await guess({ email, password, deviceToken: answer.body.deviceToken });
      expect(again.status).toBe(200);
    });

    it('gets in with its cookie', async () => {
      const { email, password } = await newLearner();
      const first = await new ApiClient(app.url).call('post', 'auth/login', { email, password, transport: 'cookie' });
      expect(first.body).not.toHaveProperty('deviceToken');
      const cookie = (first.headers['set-cookie'] as unknown as string[]).find((each) => each.startsWith('__Host-dev'));
      expect(cookie).toMatch(
        /^__Host-device=d1\.[\w-]{48}; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      );
      await spent(email);
      const answer = await guess({ email, password }).set('Cookie', cookie?.split(';')[0] ?? '');
      expect(answer.status).toBe(200);
    });

    it('gets in although its address is used up', async () => {
      const from = newAddress();
      await Promise.all(Array.from({ length: 121 }, (_, index) => guess({ email: `x-${index}@example.org`, from })));
      const { email, password, tokens } = await newLearner();
      expect((await guess({ email, password, from })).status).toBe(429);
      expect((await guess({ email, password, from, deviceToken: tokens.deviceToken })).status).toBe(200);
    });

    it('may guess as often as a stranger, no more', async () => {
      const { email, tokens } = await newLearner();
      const { deviceToken } = tokens;
      const answers = await Promise.all(Array.from({ length: 20 }, () => guess({ email, deviceToken })));
      expect({ looked: count(answers, 401), limited: count(answers, 429) }).toEqual({ looked: 5, limited: 15 });
    });
  });

  describe('a device token is one of a stranger', () => {
    it('at another account', async () => {
      const [one, other] = [await newLearner(), await newLearner()];
      await spent(one.email);
      const { deviceToken } = other.tokens;
      expect((await guess({ email: one.email, password: one.password, deviceToken })).status).toBe(429);
    });

    it.each([
      ['all sessions were ended', 'auth/logout-all', undefined],
      [
        'the password was changed',
        'auth/password/change',
        { currentPassword: 'plum-kettle-94-river', newPassword: COUNTRY_HOUSE },
      ],
    ])('once %s', async (_, path, body) => {
      const learner = await newLearner();
      const { email, tokens } = learner;
      const changed = await new ApiClient(app.url, tokens).call('post', path, body);
      expect(changed.ok).toBe(true);
      await spent(email);
      const password = body?.newPassword ?? learner.password;
      expect((await guess({ email, password, deviceToken: tokens.deviceToken })).status).toBe(429);
      if (body === undefined) return;
      const { deviceToken } = changed.body as Marked;
      expect((await guess({ email, password, deviceToken })).status).toBe(200);
    });
  });

  it('somebody logged in can change the password while strangers guess, and guesses it no more often than they', async () => {
    const { email, password, tokens } = await newLearner();
    await spent(email);
    const change = (currentPassword: string, client = new ApiClient(app.url, tokens)) =>
      client.call('post', 'auth/password/change', { currentPassword, newPassword: COUNTRY_HOUSE });
    for (let time = 0; time < 4; time += 1) expectProblem(await change('wrong'), 422, 'auth.current_password_wrong');
    const changed = await change(password).expect(200);
    expectProblem(
      await change(COUNTRY_HOUSE, new ApiClient(app.url, changed.body as Tokens)),
      429,
      'rate_limit.exceeded',
    );
  });

  it('leaves events: each failure, and a flood once', async () => {
    const { email, tokens } = await newLearner();
    await Promise.all(Array.from({ length: 30 }, () => guess({ email })));
    await eventually(async () => {
      const [row] = await runSql<{ failed: number; limited: number }>(
        app.databaseUrl,
        `SELECT count(*) FILTER (WHERE kind = 'login.failed' AND user_id = $1)::int AS failed,
           count(*) FILTER (WHERE kind = 'login.limited' AND at > now() - interval '10 s')::int AS limited
         FROM auth_events`,
        [tokens.user.id],
      );
      expect(row?.failed).toBe(5);
      expect(row?.limited).toBeGreaterThanOrEqual(1);
      expect(row?.limited).toBeLessThan(20);
    });
  });

  it('an address that registers without end is limited', async () => {
    const from = newAddress();
    const answers = await Promise.all(
      Array.from({ length: 130 }, (_, index) =>
        new ApiClient(app.url)
          .call('post', 'auth/register', { email: `taken-${index}@example.org`, password: 'password' })
          .set('X-Forwarded-For', from),
      ),
    );
    expect({ weak: count(answers, 422), limited: count(answers, 429) }).toEqual({ weak: 120, limited: 10 });
  });
});

describe('whether there is an account', () => {
  let app: TestApp;
  let known: { email: string; password: string };
  beforeAll(async () => {
    app = await startTestApp({ mode: 'memory' });
    const learner = await registerLearner(app);
    known = { email: learner.tokens.user.email, password: learner.password };
  });
  afterAll(() => app.stop());

  const tryAt = async (email: string) => {
    const start = performance.now();
    const answer = await new ApiClient(app.url).call('post', 'auth/login', { email, password: 'wrong-guess' });
    return { ms: performance.now() - start, answer };
  };
  /** Medians, taken in turns so that whatever else the machine does concerns both. */
  const ratioOfTimes = async () => {
    const [there, absent]: [number[], number[]] = [[], []];
    for (let round = 0; round < 31; round += 1) {
      there.push((await tryAt(known.email)).ms);
      absent.push((await tryAt('nobody@example.org')).ms);
    }
    return median(there) / median(absent);
  };

  it('is not to be told from the answer', async () => {
    const [{ answer: there }, { answer: absent }] = [await tryAt(known.email), await tryAt('nobody@example.org')];
    const [one, other] = [there, absent].map((answer) => {
      const problem = { ...expectProblem(answer, 401, 'auth.invalid_credentials'), requestId: 'of each its own' };
      const headers = Object.entries(answer.headers).filter(([name]) => !/^(ratelimit|date$|x-request-id$)/.test(name));
      return { problem, headers };
    });
    expect(one).toEqual(other);
  });

  it('is not to be told from the time it takes', async () => {
    const ratio = await ratioOfTimes();
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.4);
  });

  it('would be, if only existing accounts were hashed for (this test can see it)', async () => {
    const hasher = app.app.get(PasswordHasher, { strict: false });
    const honest = hasher.matches.bind(hasher);
    const lazy = jest.spyOn(hasher, 'matches');
    lazy.mockImplementation(async (password, stored) => stored !== undefined && honest(password, stored));
    expect(await ratioOfTimes()).toBeGreaterThan(1.4);
    lazy.mockRestore();
  });
});

describe('a flood of 200 logins', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode: 'memory' });
  });
  afterAll(() => app.stop());

  it('leaves other requests fast: not a tenth of what a login takes', async () => {
    const [learner, flooded] = [await registerLearner(app), await registerLearner(app)];
    const credentials = { email: flooded.tokens.user.email, password: flooded.password };
    const flood = Array.from({ length: 200 }, () => timed(() => login(app, credentials)));
    const end = Promise.all(flood).then(() => 'over');
    const flooding = Promise.resolve('flooding');
    const others: number[] = [];
    const statuses = new Set<number>();
    while ((await Promise.race([end, flooding])) === 'flooding') {
      others.push(await timed(async () => statuses.add((await learner.call('get', 'users/me')).status)));
    }
    const logins = await Promise.all(flood);
    expect([...statuses]).toEqual([200]);
    expect(others.length).toBeGreaterThan(50);
    expect(median(others)).toBeLessThan(median(logins) / 10);
  });
});
