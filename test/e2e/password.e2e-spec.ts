import { createHash } from 'node:crypto';
import { OneTimeTokenRepository } from '@app/auth/postgres';
import { Database } from '@app/database';
import { SessionsService } from '@app/sessions';
import { jest } from '@jest/globals';
import type { Response } from 'supertest';
import { ApiClient, login, registerLearner, type Tokens } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { HeldTable } from '../support/held-table.js';
import { tokenIn } from '../support/outbox.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const NEW_PASSWORD = 'amber-violin-51-harbour';
const RESET = /Choose a new password/;
const CHANGED = /Your password was changed/;
const RACES = 50;

type Learner = Awaited<ReturnType<typeof registerLearner>>;
const emailOf = ({ tokens }: Learner) => tokens.user.email;

/** All that a caller can compare of two answers. */
const seen = ({ status, text, headers }: Response) => {
  const { date: _date, 'x-request-id': _id, ratelimit: _limit, ...same } = headers as Record<string, string>;
  return { status, text: text.replace(/"requestId":"[^"]+"/, ''), headers: same };
};

const change = (client: ApiClient, currentPassword: string, newPassword = NEW_PASSWORD) =>
  client.call('post', 'auth/password/change', { currentPassword, newPassword });

describe.each(STORE_MODES)('passwords with %s stores', (mode) => {
  let app: TestApp;
  let anyone: ApiClient;
  beforeAll(async () => {
    app = await startTestApp({
      mode,
      environment: { AUTH_RATE_LIMIT_ENABLED: 'false', PUBLIC_URL: 'https://practice.school.example' },
    });
    anyone = new ApiClient(app.url);
  });
  afterAll(() => app.stop());

  const forgot = (email: string) => anyone.call('post', 'auth/password/forgot', { email });
  const reset = (token: string, password = NEW_PASSWORD) =>
    anyone.call('post', 'auth/password/reset', { token, password });
  const loginWith = (email: string, password: string) => anyone.call('post', 'auth/login', { email, password });
  const refresh = (refreshToken: string) => anyone.call('post', 'auth/refresh', { refreshToken });
  const resetToken = async (email: string) => {
    await forgot(email).expect(202);
    return tokenIn(await app.outbox.letter(email, RESET));
  };
  /** A token without its letter. */
  const tokenOf = (userId: string) =>
    app.app.get(OneTimeTokenRepository, { strict: false }).issue('password_reset', userId, 60_000);
  const expectDead = async ({ accessToken, refreshToken }: Tokens) => {
    const me = await anyone.call('get', 'users/me').set('Authorization', `Bearer ${accessToken}`);
    expectProblem(me, 401, 'auth.session_revoked');
    expectProblem(await refresh(refreshToken), 401, 'auth.refresh_invalid');
  };
  /** Resets passwords while refreshes and logins are on their way; gives the tokens that still work afterwards. */
  const survivors = async (rounds: number) => {
    const learner = await registerLearner(app);
    const email = emailOf(learner);
    const alive: Tokens[] = [];
    let password = learner.password;
    for (let round = 0; round < rounds; round += 1) {
      const { tokens } = await login(app, { email, password });
      const token = await tokenOf(tokens.user.id);
      const next = `${NEW_PASSWORD}-${round}`;
      const [done, ...others] = await Promise.all([
        reset(token, next),
        refresh(tokens.refreshToken),
        loginWith(email, password),
      ]);
      expect(done.status).toBe(204);
      for (const { status } of others) expect([200, 401]).toContain(status);
      const granted = others.filter(({ status }) => status === 200).map(({ body }) => body as Tokens);
      for (const each of [tokens, ...granted]) {
        const me = await anyone.call('get', 'users/me').set('Authorization', `Bearer ${each.accessToken}`);
        const refreshed = await refresh(each.refreshToken);
        if (refreshed.status !== 401 || me.status !== 401) alive.push(each);
      }
      password = next;
    }
    return alive;
  };

  const jobsDone = (kind: string) =>
    eventually(async () => {
      const waiting = await runSql(
        app.databaseUrl,
        `SELECT 1 FROM jobs.job WHERE name = $1 AND state <> 'completed' LIMIT 1`,
        [kind],
      );
      expect(waiting).toEqual([]);
    });

  describe('forgot', () => {
    it('answers the same for an address with an account and for one without; only the first gets a letter', async () => {
      const learner = await registerLearner(app);
      const known = await forgot(emailOf(learner));
      const unknown = await forgot('nobody-at-all@example.org');
      expect(known.status).toBe(202);
      expect(known.body).toEqual({ message: expect.any(String) });
      expect(seen(unknown)).toEqual(seen(known));
      const { to, text, html } = await app.outbox.letter(emailOf(learner), RESET);
      expect(to).toEqual({ address: emailOf(learner) });
      expect(text).toMatch(/\nhttps:\/\/practice\.school\.example\/reset-password#token=[\w-]{43}\n/);
      expect(html).toContain(`href="https://practice.school.example/reset-password#token=${tokenIn({ text })}"`);
      await jobsDone('password-reset');
      expect(await app.outbox.letters('nobody-at-all@example.org')).toEqual([]);
    });

    it('looks no account up before it answers, so the time says nothing either', async () => {
      const learner = await registerLearner(app);
      const held = await HeldTable.hold(app.databaseUrl, 'users');
      try {
        await forgot(emailOf(learner)).expect(202).timeout(5000);
        await forgot('nobody-again@example.org').expect(202).timeout(5000);
      } finally {
        await held.release();
      }
      await app.outbox.letter(emailOf(learner), RESET);
    });

    it('finds the account however the address is written', async () => {
      const learner = await registerLearner(app);
      await forgot(emailOf(learner).toUpperCase()).expect(202);
      await app.outbox.letter(emailOf(learner), RESET);
    });

    it('sends a disabled account nothing', async () => {
      const learner = await registerLearner(app);
      await runSql(app.databaseUrl, `UPDATE users SET status = 'disabled' WHERE id = $1`, [learner.tokens.user.id]);
      await forgot(emailOf(learner)).expect(202);
      await jobsDone('password-reset');
      const subjects = (await app.outbox.letters(emailOf(learner))).map(({ subject }) => subject);
      expect(subjects).not.toContainEqual(expect.stringMatching(RESET));
    });

    it('leaves no token anywhere in the database, only its hash', async () => {
      const learner = await registerLearner(app);
      const token = await resetToken(emailOf(learner));
      const [row] = await runSql<{ hash: Buffer }>(
        app.databaseUrl,
        `SELECT hash FROM one_time_tokens WHERE user_id = $1 AND kind = 'password_reset'`,
        [learner.tokens.user.id],
      );
      expect(row?.hash).toEqual(createHash('sha256').update(token).digest());
      const tables = await runSql<{ name: string }>(
        app.databaseUrl,
        `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
         WHERE table_schema IN ('public', 'jobs') AND table_type = 'BASE TABLE'`,
      );
      expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['public.users', 'jobs.job']));
      for (const { name } of tables) {
        const found = await runSql(app.databaseUrl, `SELECT 1 FROM ${name} AS t WHERE strpos(t::text, $1) > 0`, [
          token,
        ]);
        expect({ name, found }).toEqual({ name, found: [] });
      }
    });
  });

  describe('reset', () => {
    it('sets the password, ends every session, and tells the owner', async () => {
      const learner = await registerLearner(app);
      const second = await login(app, { email: emailOf(learner), password: learner.password });
      await reset(await resetToken(emailOf(learner))).expect(204);
      await expectDead(learner.tokens);
      await expectDead(second.tokens);
      expectProblem(await loginWith(emailOf(learner), learner.password), 401, 'auth.invalid_credentials');
      await loginWith(emailOf(learner), NEW_PASSWORD).expect(200);
      await app.outbox.letter(emailOf(learner), CHANGED);
    });

    it('shows that the address is the owner’s', async () => {
      const learner = await registerLearner(app);
      expect((await learner.call('get', 'users/me')).body.emailVerified).toBe(false);
      await reset(await resetToken(emailOf(learner))).expect(204);
      const { body } = await loginWith(emailOf(learner), NEW_PASSWORD);
      expect(body.user.emailVerified).toBe(true);
    });

    it('takes a token once, of ten tries at once too', async () => {
      const learner = await registerLearner(app);
      const token = await resetToken(emailOf(learner));
      const tries = await Promise.all(
        Array.from({ length: 10 }, (_, index) => reset(token, `${NEW_PASSWORD}-${index}`)),
      );
      expect(tries.filter(({ status }) => status === 204)).toHaveLength(1);
      for (const { status } of tries) expect([204, 422]).toContain(status);
      const won = tries.findIndex(({ status }) => status === 204);
      await loginWith(emailOf(learner), `${NEW_PASSWORD}-${won}`).expect(200);
      expectProblem(await reset(token), 422, 'auth.reset_token_invalid');
    });

    it('would take it more than once, and this sees it, if the token were only looked at', async () => {
      const learner = await registerLearner(app);
      const token = await tokenOf(learner.tokens.user.id);
      const tokens = app.app.get(OneTimeTokenRepository, { strict: false });
      const look = jest.spyOn(tokens, 'consume').mockImplementation(async (_tx, kind) => tokens.ownerOf(kind, token));
      const keep = jest.spyOn(tokens, 'withdraw').mockImplementation(async () => undefined);
      try {
        const tries = await Promise.all(
          Array.from({ length: 3 }, (_, index) => reset(token, `${NEW_PASSWORD}-${index}`)),
        );
        expect(tries.map(({ status }) => status)).toEqual([204, 204, 204]);
      } finally {
        look.mockRestore();
        keep.mockRestore();
      }
    });

    it('makes the other letters useless', async () => {
      const learner = await registerLearner(app);
      const first = await resetToken(emailOf(learner));
      await forgot(emailOf(learner)).expect(202);
      const second = await eventually(async () => {
        const token = tokenIn(await app.outbox.letter(emailOf(learner), RESET));
        expect(token).not.toBe(first);
        return token;
      });
      await reset(first).expect(204);
      expectProblem(await reset(second, `${NEW_PASSWORD}-2`), 422, 'auth.reset_token_invalid');
    });

    it('refuses a token that is wrong, too old, or for something else, and changes nothing', async () => {
      const learner = await registerLearner(app);
      expectProblem(await reset('x'.repeat(43)), 422, 'auth.reset_token_invalid');
      expectProblem(await reset(learner.tokens.refreshToken), 422, 'auth.reset_token_invalid');
      const verification = tokenIn(await app.outbox.letter(emailOf(learner), /Confirm/));
      expectProblem(await reset(verification), 422, 'auth.reset_token_invalid');
      const token = await resetToken(emailOf(learner));
      await runSql(app.databaseUrl, `UPDATE one_time_tokens SET until = now() - interval '1 s' WHERE user_id = $1`, [
        learner.tokens.user.id,
      ]);
      expectProblem(await reset(token), 422, 'auth.reset_token_invalid');
      await learner.call('get', 'users/me').expect(200);
      await loginWith(emailOf(learner), learner.password).expect(200);
    });

    it('refuses an account that was disabled after the letter', async () => {
      const learner = await registerLearner(app);
      const token = await resetToken(emailOf(learner));
      await runSql(app.databaseUrl, `UPDATE users SET status = 'disabled' WHERE id = $1`, [learner.tokens.user.id]);
      expectProblem(await reset(token), 422, 'auth.reset_token_invalid');
      const [user] = await runSql<{ status: string }>(app.databaseUrl, 'SELECT status FROM users WHERE id = $1', [
        learner.tokens.user.id,
      ]);
      expect(user?.status).toBe('disabled');
    });

    it.each(['password123', '12341234', 'short'])('refuses %s, and the token can be used again', async (password) => {
      const learner = await registerLearner(app);
      const token = await resetToken(emailOf(learner));
      const refused = await reset(token, password);
      if (password.length < 8) expectProblem(refused, 400, 'request.invalid');
      else expectProblem(refused, 422, 'auth.weak_password');
      await learner.call('get', 'users/me').expect(200);
      await reset(token).expect(204);
    });

    it(
      'is outlived by no refresh and no login in flight',
      async () => expect(await survivors(RACES)).toEqual([]),
      120_000,
    );

    it('would be outlived, and this sees it, if sessions did not end with it', async () => {
      const sessions = app.app.get(SessionsService, { strict: false });
      const endNothing = jest
        .spyOn(sessions, 'endAll')
        .mockImplementation(async (_user, _cause, { alongside } = {}) => {
          await app.app.get(Database).transaction(async (tx) => alongside?.(tx));
          return undefined;
        });
      try {
        expect(await survivors(3)).not.toEqual([]);
      } finally {
        endNothing.mockRestore();
      }
    });
  });

  describe('change', () => {
    it('keeps this session with new tokens, ends the others, and tells the owner', async () => {
      const learner = await registerLearner(app);
      const other = await login(app, { email: emailOf(learner), password: learner.password });
      const { body, headers } = await change(learner, learner.password).expect(200);
      expect(headers['cache-control']).toBe('no-store');
      const tokens = body as Tokens;
      expect(Object.keys(tokens).toSorted()).toEqual(Object.keys(learner.tokens).toSorted());
      expect(tokens.session.id).toBe(learner.tokens.session.id);
      await expectDead(other.tokens);
      await expectDead(learner.tokens);
      const kept = new ApiClient(app.url, tokens);
      const { items } = (await kept.call('get', 'sessions').expect(200)).body;
      expect(items).toMatchObject([{ id: tokens.session.id, current: true }]);
      await refresh(tokens.refreshToken).expect(200);
      expectProblem(await loginWith(emailOf(learner), learner.password), 401, 'auth.invalid_credentials');
      await loginWith(emailOf(learner), NEW_PASSWORD).expect(200);
      await app.outbox.letter(emailOf(learner), CHANGED);
    });

    it('refuses a wrong current password and a weak new one, and changes nothing', async () => {
      const learner = await registerLearner(app);
      expectProblem(await change(learner, 'not-my-password'), 422, 'auth.current_password_wrong');
      expectProblem(await change(learner, learner.password, 'password123'), 422, 'auth.weak_password');
      await learner.call('get', 'users/me').expect(200);
      await loginWith(emailOf(learner), learner.password).expect(200);
    });

    it('needs a login', async () => {
      expectProblem(await change(anyone, 'whatever'), 401, 'auth.token_missing');
    });

    it('makes letters with which to choose a password useless', async () => {
      const learner = await registerLearner(app);
      const token = await resetToken(emailOf(learner));
      await change(learner, learner.password).expect(200);
      expectProblem(await reset(token, `${NEW_PASSWORD}-2`), 422, 'auth.reset_token_invalid');
    });

    it('lets one of several changes at once win', async () => {
      const learner = await registerLearner(app);
      const tries = await Promise.all(
        Array.from({ length: 4 }, (_, index) => change(learner, learner.password, `${NEW_PASSWORD}-${index}`)),
      );
      const won = tries.findIndex(({ status }) => status === 200);
      expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const { status } of tries) expect([200, 401, 422]).toContain(status);
      await loginWith(emailOf(learner), `${NEW_PASSWORD}-${won}`).expect(200);
    });
  });
});

describe.each(STORE_MODES)('limits on letters with %s stores', (mode) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({
      mode,
      environment: { TRUSTED_PROXIES: '127.0.0.1', AUTH_RATE_LIMIT_REQUESTS: '0.01', AUTH_RATE_LIMIT_BURST: '6' },
    });
  });
  afterAll(() => app.stop());

  let addresses = 0;
  const from = () => `203.0.113.${(addresses += 1)}`;
  const forgot = (email: string, ip: string) =>
    new ApiClient(app.url).call('post', 'auth/password/forgot', { email }).set('X-Forwarded-For', ip);

  it('hold for a mailbox from anywhere, with and without an account, alike', async () => {
    const learner = await registerLearner(app);
    const refused: Response[] = [];
    for (const email of [emailOf(learner), 'no-account@example.org']) {
      for (let letter = 0; letter < 5; letter += 1) await forgot(email, from()).expect(202);
      refused.push(await forgot(email, from()));
    }
    for (const response of refused) {
      expectProblem(response, 429, 'rate_limit.exceeded');
      expect(Number(response.headers['retry-after'])).toBeGreaterThan(60);
    }
    const [known, unknown] = refused.map(({ text }) => text.replace(/"requestId":"[^"]+"/, ''));
    expect(unknown).toBe(known);
    await forgot('another@example.org', from()).expect(202);
  });

  it('hold for a network address, whatever mailboxes are named', async () => {
    const ip = from();
    const statuses: number[] = [];
    for (let letter = 0; letter < 130; letter += 1) {
      statuses.push((await forgot(`many-${letter}@example.org`, ip)).status);
    }
    expect(statuses.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 202));
    expect(statuses).toContain(429);
    await forgot('one-more@example.org', from()).expect(202);
  });

  it('hold for tries of the current password, together with logins', async () => {
    const learner = await registerLearner(app);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 30 && !statuses.includes(429); attempt += 1) {
      const body = { currentPassword: `guess-${attempt}`, newPassword: NEW_PASSWORD };
      statuses.push((await learner.call('post', 'auth/password/change', body)).status);
    }
    expect(statuses).toContain(429);
  });
});
