import { ApiClient, registerLearner } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/run-sql.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const NEWER_FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0';
const NOTICE = /Login from a new device/;

describe.each(STORE_MODES)('the notice of a new device with %s stores', (mode) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode, environment: { TRUSTED_PROXIES: '127.0.0.1' } });
  });
  afterAll(() => app.stop());

  type Learner = Pick<Awaited<ReturnType<typeof registerLearner>>, 'tokens' | 'password'>;
  const loginFrom = ({ tokens, password }: Learner, userAgent: string, ip = '203.0.113.7') =>
    new ApiClient(app.url)
      .call('post', 'auth/login', { email: tokens.user.email, password })
      .set({ 'User-Agent': userAgent, 'X-Forwarded-For': ip });
  const noticesTo = async ({ tokens }: Learner) => {
    await eventually(async () => {
      const waiting = await runSql(
        app.databaseUrl,
        `SELECT 1 FROM jobs.job WHERE name = 'mail' AND state < 'completed' LIMIT 1`,
      );
      expect(waiting).toEqual([]);
    });
    return (await app.outbox.letters(tokens.user.email)).filter(({ subject }) => NOTICE.test(subject));
  };

  it('names time, device and address, and says how to log out everywhere', async () => {
    const learner = await registerLearner(app);
    await loginFrom(learner, FIREFOX).expect(200);
    const { text } = await app.outbox.letter(learner.tokens.user.email, NOTICE);
    const now = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date());
    expect(text).toMatch(new RegExp(`Time: ${now} at \\d\\d:\\d\\d \\(UTC\\)`));
    expect(text).toContain('Device: Firefox on Linux\n');
    expect(text).toContain('IP address: 203.0.113.7\n');
    expect(text).toContain('log out everywhere');
  });

  it('comes neither for the first login, nor for a device that was used before, nor for its update', async () => {
    const learner = await registerLearner(app);
    expect(await noticesTo(learner)).toEqual([]);
    await loginFrom(learner, FIREFOX).expect(200);
    await loginFrom(learner, FIREFOX, '203.0.113.99').expect(200);
    await loginFrom(learner, NEWER_FIREFOX).expect(200);
    expect(await noticesTo(learner)).toHaveLength(1);
  });

  it('comes once for logins at once, and not for one that fails', async () => {
    const learner = await registerLearner(app);
    await loginFrom({ tokens: learner.tokens, password: 'not-my-password' }, FIREFOX).expect(401);
    await Promise.all(Array.from({ length: 5 }, () => loginFrom(learner, FIREFOX).expect(200)));
    expect(await noticesTo(learner)).toHaveLength(1);
  });

  it('takes a name that a client made up for text', async () => {
    const learner = await registerLearner(app);
    await loginFrom(learner, '<script>alert(1)</script>').expect(200);
    const { text, html = '' } = await app.outbox.letter(learner.tokens.user.email, NOTICE);
    expect(text).toContain('Device: <script>alert(1)<');
    expect(html).not.toContain('<script>');
  });
});
