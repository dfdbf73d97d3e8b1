import { TOTP } from 'otpauth';
import { ApiClient, registerLearner, type Tokens } from '../support/api-client.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const STEP_MS = 30_000;
const NEW_PASSWORD = 'amber-violin-51-harbour';
const ascending = (one: number, other: number) => one - other;
const stepUp = (client: ApiClient, proof: object) => client.call('post', 'auth/step-up', proof);

/** What an authenticator app shows, `steps` half minutes from now. */
function codeOf(uri: string, steps = 0): string {
  const { searchParams } = new URL(uri);
  return new TOTP({ secret: searchParams.get('secret') ?? '' }).generate({ timestamp: Date.now() + steps * STEP_MS });
}

/** Keeps a test that is about one time step out of the moment between two. */
async function earlyInAStep(): Promise<void> {
  const left = STEP_MS - (Date.now() % STEP_MS);
  if (left < 5000) await new Promise((resolve) => setTimeout(resolve, left + 50));
}

describe.each(STORE_MODES)('second factors with %s stores', (mode) => {
  let app: TestApp;
  let anyone: ApiClient;
  beforeAll(async () => {
    app = await startTestApp({ mode, environment: { SERVICE_NAME: 'Riverside School' } });
    anyone = new ApiClient(app.url);
  });
  afterAll(() => app.stop());
  beforeEach(earlyInAStep);

  type Learner = Awaited<ReturnType<typeof registerLearner>>;
  const loginWith = ({ tokens, password }: Learner, more: object = {}) =>
    anyone.call('post', 'auth/login', { email: tokens.user.email, password, ...more });
  const challengeOf = async (learner: Learner, more: object = {}) => {
    const answer = await loginWith(learner, more);
    return expectProblem(answer, 401, 'auth.second_factor_required')['challenge'] as string;
  };
  const finish = (challenge: string, proof: object) =>
    anyone.call('post', 'auth/login/second-factor', { challenge, ...proof });
  /** Somebody with an authenticator app, whose codes of this moment are still good. */
  const enrolled = async () => {
    const learner = await registerLearner(app);
    const { body: enrolment } = await learner.call('post', 'users/me/totp').expect(200);
    const code = codeOf(enrolment.uri, -1);
    const { body } = await learner.call('post', 'users/me/totp/confirm', { code }).expect(200);
    return { learner, uri: enrolment.uri as string, recoveryCodes: body.recoveryCodes as string[] };
  };
  const eventsOf = async ({ tokens }: Learner, kind: string) =>
    runSql(app.databaseUrl, 'SELECT 1 FROM auth_events WHERE user_id = $1 AND kind = $2', [tokens.user.id, kind]);
  const statusOf = async (learner: Learner) => (await learner.call('get', 'users/me/second-factors').expect(200)).body;
  const longAgo = ({ session }: Tokens) =>
    runSql(app.databaseUrl, `UPDATE sessions SET authenticated_at = now() - interval '11 min' WHERE id = $1`, [
      session.id,
    ]);

  describe('an authenticator app', () => {
    it('is set up in two steps, and nothing changes before the second', async () => {
      const learner = await registerLearner(app);
      expect(await statusOf(learner)).toEqual({ totp: false, recoveryCodesLeft: 0 });
      const begun = await learner.call('post', 'users/me/totp').expect(200);
      expect(begun.headers['cache-control']).toBe('no-store');
      expect(begun.body).toEqual({ secret: expect.stringMatching(/^[A-Z2-7]{32}$/), uri: expect.any(String) });
      expect(decodeURIComponent(begun.body.uri)).toContain(`Riverside School:${learner.tokens.user.email}`);
      await loginWith(learner).expect(200);
      const answer = await learner.call('post', 'users/me/totp/confirm', { code: codeOf(begun.body.uri) }).expect(200);
      expect(new Set(answer.body.recoveryCodes).size).toBe(10);
      expect(await statusOf(learner)).toEqual({ totp: true, recoveryCodesLeft: 10 });
      await challengeOf(learner);
      const { text } = await app.outbox.letter(learner.tokens.user.email, /Login codes were turned on/);
      expect(text).toContain('authenticator app');
      expect(await eventsOf(learner, 'two_factor.enabled')).toHaveLength(1);
    });

    it('is not on without its code, and another beginning replaces the first', async () => {
      const learner = await registerLearner(app);
      expectProblem(await learner.call('post', 'users/me/totp/confirm', { code: '123456' }), 409, 'auth.totp_not_on');
      const { body: first } = await learner.call('post', 'users/me/totp').expect(200);
      const { body: second } = await learner.call('post', 'users/me/totp').expect(200);
      for (const code of [codeOf(first.uri), '', '12345']) {
        expectProblem(await learner.call('post', 'users/me/totp/confirm', { code }), 422, 'auth.code_wrong');
      }
      await loginWith(learner).expect(200);
      await learner.call('post', 'users/me/totp/confirm', { code: codeOf(second.uri) }).expect(200);
      expectProblem(await learner.call('post', 'users/me/totp'), 409, 'auth.totp_already_on');
    });

    it('is confirmed once by confirmations at once', async () => {
      const learner = await registerLearner(app);
      const { body } = await learner.call('post', 'users/me/totp').expect(200);
      const code = codeOf(body.uri);
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => learner.call('post', 'users/me/totp/confirm', { code })),
      );
      expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([200, 409, 409, 409]);
      expect((await statusOf(learner)).recoveryCodesLeft).toBe(10);
    });

    it('has its secret sealed at rest, for its owner alone', async () => {
      const [one, other] = [await enrolled(), await enrolled()];
      const [row] = await runSql<{ sealed: Buffer }>(
        app.databaseUrl,
        'SELECT sealed_secret AS sealed FROM totp_secrets WHERE user_id = $1',
        [one.learner.tokens.user.id],
      );
      const secret = new URL(one.uri).searchParams.get('secret') as string;
      expect(row?.sealed.toString('latin1')).not.toContain(secret);
      // Somebody who can write to the database gives the other account the secret they know.
      await runSql(app.databaseUrl, 'UPDATE totp_secrets SET sealed_secret = $2 WHERE user_id = $1', [
        other.learner.tokens.user.id,
        row?.sealed,
      ]);
      const answer = await finish(await challengeOf(other.learner), { code: codeOf(one.uri) });
      expect(answer.status).toBe(500);
    });

    it('turned off asks for nothing any more', async () => {
      const { learner, recoveryCodes } = await enrolled();
      for (let time = 0; time < 2; time += 1) await learner.call('delete', 'users/me/totp').expect(204);
      await loginWith(learner).expect(200);
      expect(await statusOf(learner)).toEqual({ totp: false, recoveryCodesLeft: 0 });
      await app.outbox.letter(learner.tokens.user.email, /Login codes were turned off/);
      expect(await eventsOf(learner, 'two_factor.disabled')).toHaveLength(1);
      expect(recoveryCodes).toHaveLength(10);
    });
  });

  describe('a login', () => {
    it('needs a code after the password, and says so with a challenge', async () => {
      const { learner, uri } = await enrolled();
      const answer = await loginWith(learner);
      expect(expectProblem(answer, 401, 'auth.second_factor_required')).toMatchObject({
        challenge: expect.stringMatching(/^[\w-]+$/),
        methods: ['totp', 'recovery_code'],
      });
      expect(answer.text).not.toContain('rt1.');
      const { body, headers } = await finish(answer.body.challenge, { code: codeOf(uri) }).expect(200);
      expect(headers['cache-control']).toBe('no-store');
      expect(body).toMatchObject({ user: { id: learner.tokens.user.id }, deviceToken: expect.any(String) });
      await new ApiClient(app.url, body).call('get', 'users/me').expect(200);
    });

    it('gives the refresh token in the cookie to who asks', async () => {
      const { learner, uri } = await enrolled();
      const answer = await finish(await challengeOf(learner), { code: codeOf(uri), transport: 'cookie' }).expect(200);
      expect(answer.body.refreshToken).toBeNull();
      expect(String(answer.headers['set-cookie'])).toContain('__Host-refresh=rt1.');
    });

    it('says nothing of a second factor to who does not know the password', async () => {
      const { learner } = await enrolled();
      const without = await registerLearner(app);
      const [one, other] = await Promise.all(
        [learner, without].map(async (each) => {
          const answer = await loginWith(each, { password: 'wrong-guess' });
          return { ...expectProblem(answer, 401, 'auth.invalid_credentials'), requestId: '' };
        }),
      );
      expect(one).toEqual(other);
    });

    it('takes codes of the neighbouring half minutes, each once, and none before one that was used', async () => {
      const { learner, uri } = await enrolled();
      const attempt = async (steps: number) =>
        (await finish(await challengeOf(learner), { code: codeOf(uri, steps) })).status;
      expect(await attempt(1)).toBe(200);
      expect(await attempt(1)).toBe(401);
      expect(await attempt(0)).toBe(401);
      expect(await attempt(2)).toBe(401);
      expect(await eventsOf(learner, 'two_factor.failed')).toHaveLength(3);
    });

    it('with one code, tried five times at once, opens one session', async () => {
      const { learner, uri } = await enrolled();
      const challenge = await challengeOf(learner);
      const answers = await Promise.all(Array.from({ length: 5 }, () => finish(challenge, { code: codeOf(uri) })));
      expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([200, 401, 401, 401, 401]);
    });

    it('takes a recovery code once, however it is typed', async () => {
      const { learner, recoveryCodes } = await enrolled();
      const [first = '', second = ''] = recoveryCodes;
      const typed = ` ${first.toLowerCase().replace('-', ' ')}`;
      await finish(await challengeOf(learner), { recoveryCode: typed }).expect(200);
      expectProblem(await finish(await challengeOf(learner), { recoveryCode: first }), 401, 'auth.second_factor_wrong');
      const challenge = await challengeOf(learner);
      const answers = await Promise.all(Array.from({ length: 3 }, () => finish(challenge, { recoveryCode: second })));
      expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([200, 401, 401]);
      expect((await statusOf(learner)).recoveryCodesLeft).toBe(8);
      expect(await eventsOf(learner, 'two_factor.recovery_code_used')).toHaveLength(2);
    });

    it('does not take the codes of somebody else', async () => {
      const [one, other] = [await enrolled(), await enrolled()];
      const challenge = await challengeOf(one.learner);
      for (const proof of [{ code: codeOf(other.uri) }, { recoveryCode: other.recoveryCodes[0] }]) {
        expectProblem(await finish(challenge, proof), 401, 'auth.second_factor_wrong');
      }
    });

    it('is limited to five tries, of which a known device has its own', async () => {
      const { learner, uri } = await enrolled();
      const known = await finish(await challengeOf(learner), { code: codeOf(uri) }).expect(200);
      const challenge = await challengeOf(learner);
      const tries = await Promise.all(Array.from({ length: 20 }, () => finish(challenge, { code: '000000' })));
      // One of the stranger's five went to the login above.
      expect(tries.filter(({ status }) => status === 401)).toHaveLength(4);
      expect(tries.filter(({ status }) => status === 429)).toHaveLength(16);
      expect((await finish(challenge, { code: codeOf(uri, 1) })).status).toBe(429);
      const own = await challengeOf(learner, { deviceToken: known.body.deviceToken });
      await finish(own, { code: codeOf(uri, 1) }).expect(200);
    });

    it.each([
      ['forged', async () => 'x'],
      [
        'of an account whose password was changed',
        async (learner: Learner) => {
          const challenge = await challengeOf(learner);
          const change = { currentPassword: learner.password, newPassword: NEW_PASSWORD };
          await learner.call('post', 'auth/password/change', change).expect(200);
          return challenge;
        },
      ],
      [
        'of an account that logged out everywhere',
        async (learner: Learner) => {
          const challenge = await challengeOf(learner);
          await learner.call('post', 'auth/logout-all').expect(204);
          return challenge;
        },
      ],
    ] as const)('refuses a challenge that is %s, and leaves the code good', async (_, make) => {
      const { learner, uri } = await enrolled();
      const challenge = await make(learner);
      expectProblem(await finish(challenge, { code: codeOf(uri) }), 401, 'auth.challenge_invalid');
      const [row] = await runSql<{ step: number }>(
        app.databaseUrl,
        'SELECT last_step::int AS step FROM totp_secrets WHERE user_id = $1',
        [learner.tokens.user.id],
      );
      expect(row?.step).toBeLessThan(Math.floor(Date.now() / STEP_MS));
    });

    it.each([[{}], [{ code: '123456', recoveryCode: 'x' }], [{ code: 123_456 }], [{ code: 'x'.repeat(30) }]])(
      'answers 400 to %j',
      async (proof) => {
        expectProblem(await finish('x', proof), 400, 'request.invalid');
      },
    );

    it('still needs the code after the password was reset', async () => {
      const { learner, uri } = await enrolled();
      const { email } = learner.tokens.user;
      await anyone.call('post', 'auth/password/forgot', { email }).expect(202);
      const { text } = await app.outbox.letter(email, /Choose a new password/);
      const [, token] = /#token=([\w-]+)/.exec(text) ?? [];
      await anyone.call('post', 'auth/password/reset', { token, password: NEW_PASSWORD }).expect(204);
      const challenge = await challengeOf(learner, { password: NEW_PASSWORD });
      await finish(challenge, { code: codeOf(uri) }).expect(200);
    });
  });

  describe('new recovery codes', () => {
    it('replace the old ones', async () => {
      const { learner, recoveryCodes } = await enrolled();
      const { body } = await learner.call('post', 'users/me/recovery-codes').expect(200);
      expect(body.recoveryCodes).toHaveLength(10);
      const challenge = await challengeOf(learner);
      expect((await finish(challenge, { recoveryCode: recoveryCodes[0] })).status).toBe(401);
      await finish(challenge, { recoveryCode: body.recoveryCodes[0] }).expect(200);
    });

    it('are for accounts with an authenticator app', async () => {
      const learner = await registerLearner(app);
      expectProblem(await learner.call('post', 'users/me/recovery-codes'), 409, 'auth.totp_not_on');
    });
  });

  describe('stepping up', () => {
    const SENSITIVE = [
      ['post', 'users/me/totp'],
      ['post', 'users/me/totp/confirm'],
      ['delete', 'users/me/totp'],
      ['post', 'users/me/recovery-codes'],
    ] as const;
    it.each(SENSITIVE)('is what %s %s asks for after ten minutes', async (method, path) => {
      const learner = await registerLearner(app);
      await longAgo(learner.tokens);
      const body = path.endsWith('confirm') ? { code: '123456' } : undefined;
      const refused = expectProblem(await learner.call(method, path, body), 403, 'auth.step_up_required');
      expect(refused['maxAgeSeconds']).toBe(600);
      await stepUp(learner, { password: learner.password }).expect(204);
      expect((await learner.call(method, path, body)).body.code).not.toBe('auth.step_up_required');
    });

    it('needs the right password, and holds for the session that asked', async () => {
      const learner = await registerLearner(app);
      const other = new ApiClient(app.url, (await loginWith(learner).expect(200)).body as Tokens);
      await Promise.all([longAgo(learner.tokens), longAgo(other.tokens as Tokens)]);
      expectProblem(await stepUp(learner, { password: 'wrong-guess' }), 422, 'auth.current_password_wrong');
      expectProblem(await learner.call('post', 'users/me/totp'), 403, 'auth.step_up_required');
      await stepUp(learner, { password: learner.password }).expect(204);
      await learner.call('post', 'users/me/totp').expect(200);
      expectProblem(await other.call('post', 'users/me/totp'), 403, 'auth.step_up_required');
    });

    it('needs a code where the account has an app: the password alone does not turn it off', async () => {
      const { learner, uri, recoveryCodes } = await enrolled();
      await longAgo(learner.tokens);
      expectProblem(await stepUp(learner, { password: learner.password }), 422, 'auth.code_needed');
      expectProblem(await stepUp(learner, { code: '000000' }), 422, 'auth.code_wrong');
      expectProblem(await learner.call('delete', 'users/me/totp'), 403, 'auth.step_up_required');
      await stepUp(learner, { code: codeOf(uri) }).expect(204);
      await longAgo(learner.tokens);
      await stepUp(learner, { recoveryCode: recoveryCodes[3] }).expect(204);
      await learner.call('delete', 'users/me/totp').expect(204);
    });

    it.each([[{}], [{ password: 'x', code: '123456' }], [{ password: '' }]])('answers 400 to %j', async (proof) => {
      expectProblem(await stepUp(await registerLearner(app), proof), 400, 'request.invalid');
    });
  });
});
