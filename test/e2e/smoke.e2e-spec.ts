import { registerLearner } from '../support/api-client.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

describe.each(STORE_MODES)('with %s stores', (mode) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode });
  });
  afterAll(() => app.stop());

  it('answers who is logged in', async () => {
    const learner = await registerLearner(app);
    const { body } = await learner.call('get', 'users/me').expect(200);
    expect(body).toMatchObject({ id: learner.tokens.user.id, roles: ['learner'] });
  });
});
