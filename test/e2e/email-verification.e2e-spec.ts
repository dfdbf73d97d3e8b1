import { ApiClient, loginAs, registerLearner } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { tokenIn } from '../support/outbox.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const CONFIRM = /Confirm your e-mail address/;
const INVALID = 'auth.verification_token_invalid';

const isVerified = async (client: ApiClient) =>
  (await client.call('get', 'users/me').expect(200)).body.emailVerified as boolean;

describe.each(STORE_MODES)('e-mail addresses with %s stores', (mode) => {
  let app: TestApp;
  let anyone: ApiClient;
  beforeAll(async () => {
    app = await startTestApp({ mode, environment: { PUBLIC_URL: 'https://practice.school.example/app' } });
    anyone = new ApiClient(app.url);
  });
  afterAll(() => app.stop());

  const verify = (token: string) => anyone.call('post', 'auth/email/verify', { token });
  const letterOf = async ({ tokens }: Awaited<ReturnType<typeof registerLearner>>) =>
    app.outbox.letter(tokens.user.email, CONFIRM);

  it('are confirmed with the letter that a registration sends', async () => {
    const learner = await registerLearner(app);
    expect(learner.tokens.user).toMatchObject({ emailVerified: false });
    const letter = await letterOf(learner);
    expect(letter.text).toMatch(/\nhttps:\/\/practice\.school\.example\/app\/verify-email#token=[\w-]{43}\n/);
    await verify(tokenIn(letter)).expect(204);
    expect(await isVerified(learner)).toBe(true);
    const credentials = { email: learner.tokens.user.email, password: learner.password };
    const { body } = await anyone.call('post', 'auth/login', credentials).expect(200);
    expect(body.user.emailVerified).toBe(true);
  });

  it('of strangers get no words of whoever registers them', async () => {
    const email = `stranger-${mode}@example.org`;
    const displayName = 'You won! http://evil.example';
    await anyone.call('post', 'auth/register', { email, password: 'plum-kettle-94-river', displayName }).expect(201);
    const { to, subject, text, html } = await app.outbox.letter(email, CONFIRM);
    expect(to).toEqual({ address: email });
    expect(`${subject}${text}${html}`).not.toMatch(/evil|won/);
  });

  it.each(['田中 芽衣', 'Zoë Ångström', 'محمد', '<b>"Bobby"</b> & Co'])(
    'once confirmed, get letters to %s by that name',
    async (displayName) => {
      const learner = await registerLearner(app);
      await verify(tokenIn(await letterOf(learner))).expect(204);
      await learner.call('patch', 'users/me', { displayName }).expect(200);
      await anyone.call('post', 'auth/password/forgot', { email: learner.tokens.user.email }).expect(202);
      const { to, text, html = '' } = await app.outbox.letter(learner.tokens.user.email, /new password/);
      expect(to.name).toBe(displayName);
      expect(text).toContain(`Hello ${displayName},\n`);
      expect(html).not.toContain('<b>');
      const shown = html
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&');
      expect(shown).toContain(`>Hello ${displayName},</p>`);
    },
  );

  it('are confirmed once by a token, of ten tries at once too', async () => {
    const learner = await registerLearner(app);
    const token = tokenIn(await letterOf(learner));
    const tries = await Promise.all(Array.from({ length: 10 }, () => verify(token)));
    expect(tries.filter(({ status }) => status === 204)).toHaveLength(1);
    for (const { status } of tries) expect([204, 422]).toContain(status);
    expectProblem(await verify(token), 422, INVALID);
  });

  it('are not confirmed by a token that is wrong, too old, or for something else', async () => {
    const learner = await registerLearner(app);
    const token = tokenIn(await letterOf(learner));
    expectProblem(await verify('x'.repeat(43)), 422, INVALID);
    await anyone.call('post', 'auth/password/forgot', { email: learner.tokens.user.email }).expect(202);
    expectProblem(
      await verify(tokenIn(await app.outbox.letter(learner.tokens.user.email, /new password/))),
      422,
      INVALID,
    );
    await runSql(app.databaseUrl, `UPDATE one_time_tokens SET until = now() - interval '1 s' WHERE user_id = $1`, [
      learner.tokens.user.id,
    ]);
    expectProblem(await verify(token), 422, INVALID);
    expect(await isVerified(learner)).toBe(false);
  });

  it('get the letter again on request, until they are confirmed, and not too often', async () => {
    const learner = await registerLearner(app);
    const first = tokenIn(await letterOf(learner));
    const again = () => learner.call('post', 'auth/email/verification');
    expect((await again().expect(202)).body).toEqual({ message: expect.any(String) });
    const second = await eventually(async () => {
      const token = tokenIn(await letterOf(learner));
      expect(token).not.toBe(first);
      return token;
    });
    for (let letter = 0; letter < 4; letter += 1) await again().expect(202);
    expectProblem(await again(), 429, 'rate_limit.exceeded');
    await verify(second).expect(204);
    expectProblem(await again(), 409, 'auth.email_already_verified');
    expectProblem(await verify(first), 422, INVALID);
    expectProblem(await anyone.call('post', 'auth/email/verification'), 401, 'auth.token_missing');
  });

  it('of the demo accounts need no letter', async () => {
    expect(await isVerified(await loginAs(app, 'learner'))).toBe(true);
    expect(await app.outbox.letters('learner@example.com')).toEqual([]);
  });

  it('get no letter when the registration fails', async () => {
    const learner = await registerLearner(app);
    await letterOf(learner);
    const { email } = learner.tokens.user;
    await anyone.call('post', 'auth/register', { email, password: 'plum-kettle-94-river' }).expect(409);
    await eventually(async () => {
      const waiting = await runSql(
        app.databaseUrl,
        `SELECT 1 FROM jobs.job WHERE name IN ('email-verification', 'mail') AND state < 'completed' LIMIT 1`,
      );
      expect(waiting).toEqual([]);
    });
    expect(await app.outbox.letters(email)).toHaveLength(1);
  });
});
