import { ApiClient, registerLearner } from '../support/api-client.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { SoftwarePasskey, type Misbehaviour } from '../support/software-authenticator.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const ORIGIN = 'https://practice.school.example';
const FRONT_END = 'https://app.school.example';
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const ascending = (one: number, other: number) => one - other;

describe.each(STORE_MODES)('passkeys with %s stores', (mode) => {
  let app: TestApp;
  let anyone: ApiClient;
  beforeAll(async () => {
    app = await startTestApp({
      mode,
      environment: {
        PUBLIC_URL: ORIGIN,
        PASSKEY_DOMAIN: 'school.example',
        CORS_ALLOWED_ORIGINS: FRONT_END,
        SERVICE_NAME: 'Riverside School',
      },
    });
    anyone = new ApiClient(app.url);
  });
  afterAll(() => app.stop());

  type Learner = Awaited<ReturnType<typeof registerLearner>>;
  const creationOptions = async (learner: Learner) =>
    (await learner.call('post', 'users/me/passkeys/challenge').expect(200)).body;
  const add = (learner: Learner, credential: object, name?: string) =>
    learner.call('post', 'users/me/passkeys', { credential, ...(name !== undefined && { name }) });
  const withPasskey = async () => {
    const learner = await registerLearner(app);
    const passkey = new SoftwarePasskey(ORIGIN);
    const { body } = await add(learner, passkey.create(await creationOptions(learner))).expect(201);
    return { learner, passkey, added: body as { id: string; name: string } };
  };
  const requestOptions = async () => (await anyone.call('post', 'auth/passkeys/challenge').expect(200)).body;
  /** A challenge for a login, used to add. */
  const requestAsCreation = async () => {
    const { challenge, rpId } = await requestOptions();
    return { challenge, rp: { id: rpId }, user: { id: 'AAAA' } };
  };
  const login = (credential: object, more: object = {}) =>
    anyone.call('post', 'auth/passkeys/login', { credential, ...more });
  const listOf = async (learner: Learner) => (await learner.call('get', 'users/me/passkeys').expect(200)).body.items;
  const eventsOf = ({ tokens }: Learner, kind: string) =>
    runSql(app.databaseUrl, 'SELECT 1 FROM auth_events WHERE user_id = $1 AND kind = $2', [tokens.user.id, kind]);

  describe('adding one', () => {
    it('gives options for the browser, of this installation and without what is there already', async () => {
      const learner = await registerLearner(app);
      const answer = await learner.call('post', 'users/me/passkeys/challenge').expect(200);
      expect(answer.headers['cache-control']).toBe('no-store');
      const { tokens } = learner;
      expect(answer.body).toMatchObject({
        rp: { id: 'school.example', name: 'Riverside School' },
        user: {
          id: Buffer.from(tokens.user.id.replaceAll('-', ''), 'hex').toString('base64url'),
          name: tokens.user.email,
        },
        challenge: expect.stringMatching(/^[\w-]{51}$/),
        attestation: 'none',
        excludeCredentials: [],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      const passkey = new SoftwarePasskey(ORIGIN);
      await add(learner, passkey.create(answer.body)).expect(201);
      const { excludeCredentials } = await creationOptions(learner);
      expect(excludeCredentials).toEqual([{ id: passkey.id, type: 'public-key', transports: ['internal'] }]);
    });

    it('answers it, named as its owner wants or as the device is, and tells by mail', async () => {
      const learner = await registerLearner(app);
      const answer = await add(
        learner,
        new SoftwarePasskey(ORIGIN).create(await creationOptions(learner)),
        ' Handy 📱 ',
      );
      expect(answer.body).toEqual({
        id: expect.any(String),
        name: 'Handy 📱',
        synced: false,
        createdAt: expect.stringMatching(RFC_3339),
        lastUsedAt: null,
      });
      await add(learner, new SoftwarePasskey(FRONT_END).create(await creationOptions(learner))).expect(201);
      expect((await listOf(learner)).map(({ name }: { name: string }) => name)).toEqual(['Handy 📱', 'Unknown device']);
      const { text } = await app.outbox.letter(learner.tokens.user.email, /A passkey was added/);
      expect(text).toMatch(/Passkey: (Handy|Unknown)/);
      expect(await eventsOf(learner, 'passkey.added')).toHaveLength(2);
    });

    const ODD: readonly (readonly [string, Misbehaviour])[] = [
      ['made on a page of another origin', { origin: 'https://school.example.evil.example' }],
      ['for another domain', { domain: 'evil.example' }],
      ['that nobody unlocked', { verified: false }],
      ['with a challenge that was never issued', { challenge: 'AAAA' }],
      ['that is a login', { type: 'webauthn.get' }],
    ];
    it.each(ODD)('refuses one %s', async (_, odd) => {
      const learner = await registerLearner(app);
      const credential = new SoftwarePasskey(ORIGIN).create(await creationOptions(learner), odd);
      expectProblem(await add(learner, credential), 422, 'passkey.invalid');
      expect(await listOf(learner)).toEqual([]);
    });

    it('takes a challenge once, from the account it was for', async () => {
      const [mei, kai] = [await registerLearner(app), await registerLearner(app)];
      const options = await creationOptions(mei);
      expectProblem(await add(kai, new SoftwarePasskey(ORIGIN).create(options)), 422, 'passkey.invalid');
      const answers = await Promise.all([1, 2, 3].map(() => add(mei, new SoftwarePasskey(ORIGIN).create(options))));
      expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([201, 422, 422]);
      expectProblem(
        await add(mei, new SoftwarePasskey(ORIGIN).create(await requestAsCreation())),
        422,
        'passkey.invalid',
      );
    });
    it('refuses one that an account has already', async () => {
      const { learner, passkey } = await withPasskey();
      expectProblem(await add(learner, passkey.create(await creationOptions(learner))), 409, 'passkey.exists');
      const other = await registerLearner(app);
      expectProblem(await add(other, passkey.create(await creationOptions(other))), 409, 'passkey.exists');
    });

    it('stops at twenty', async () => {
      const { learner } = await withPasskey();
      await runSql(
        app.databaseUrl,
        `INSERT INTO passkeys (id, user_id, credential_id, public_key, counter, transports, name, synced)
         SELECT gen_random_uuid(), $1, gen_random_uuid()::text, '', 0, '{}', 'x', false FROM generate_series(1, 18)`,
        [learner.tokens.user.id],
      );
      const credentials = [];
      for (let index = 0; index < 3; index += 1) {
        credentials.push(new SoftwarePasskey(ORIGIN).create(await creationOptions(learner)));
      }
      const answers = await Promise.all(credentials.map((credential) => add(learner, credential)));
      expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([201, 409, 409]);
    });

    it.each([
      [{}],
      [{ id: 'x', rawId: 'x', type: 'public-key' }],
      [{ id: 'x', rawId: 'x', type: 'password', response: { clientDataJSON: 'x', attestationObject: 'x' } }],
    ])('answers 400 to the credential %j', async (credential) => {
      expectProblem(await add(await registerLearner(app), credential), 400, 'request.invalid');
    });

    it.each(['x', '', 'bm90IGpzb24', 'e30', 'bnVsbA'])(
      'answers 422 to rubbish of the right shape: %j',
      async (rubbish) => {
        const learner = await registerLearner(app);
        const response = { clientDataJSON: rubbish, attestationObject: rubbish };
        const credential = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response };
        expectProblem(await add(learner, credential), 422, 'passkey.invalid');
      },
    );
  });

  describe('logging in', () => {
    it('needs nothing else, and opens a session like any other', async () => {
      const { learner, passkey } = await withPasskey();
      const options = await requestOptions();
      expect(options).toMatchObject({ rpId: 'school.example', userVerification: 'required' });
      const { body, headers } = await login(passkey.get(options)).expect(200);
      expect(headers['cache-control']).toBe('no-store');
      expect(body).toMatchObject({ user: { id: learner.tokens.user.id }, refreshToken: expect.any(String) });
      await new ApiClient(app.url, body).call('get', 'users/me').expect(200);
      const [used] = await listOf(learner);
      expect(used.lastUsedAt).toMatch(RFC_3339);
      const inCookie = await login(passkey.get(await requestOptions()), { transport: 'cookie' }).expect(200);
      expect(inCookie.body.refreshToken).toBeNull();
    });

    it('counts as recent authentication', async () => {
      const { passkey } = await withPasskey();
      const { body } = await login(passkey.get(await requestOptions())).expect(200);
      await new ApiClient(app.url, body).call('post', 'users/me/passkeys/challenge').expect(200);
    });

    const ODD: readonly (readonly [string, Misbehaviour])[] = [
      ['on a page of another origin', { origin: 'https://evil.example' }],
      ['for another domain', { domain: 'evil.example' }],
      ['that nobody unlocked', { verified: false }],
      ['with a challenge that was never issued', { challenge: Buffer.alloc(38).toString('base64url') }],
      ['that says to be of another account', { userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' }],
      ['that is a registration', { type: 'webauthn.create' }],
    ];
    it.each(ODD)('is refused %s', async (_, odd) => {
      const { passkey } = await withPasskey();
      expectProblem(await login(passkey.get(await requestOptions(), odd)), 401, 'auth.passkey_refused');
    });

    it('is refused to a passkey that was never added, was removed, or signs with another key', async () => {
      const stranger = new SoftwarePasskey(ORIGIN);
      expectProblem(await login(stranger.get(await requestOptions())), 401, 'auth.passkey_refused');
      const { learner, passkey, added } = await withPasskey();
      const forged = { ...stranger.get(await requestOptions()), id: passkey.id, rawId: passkey.id };
      expectProblem(await login(forged), 401, 'auth.passkey_refused');
      await learner.call('delete', `users/me/passkeys/${added.id}`).expect(204);
      expectProblem(await login(passkey.get(await requestOptions())), 401, 'auth.passkey_refused');
      expect(await eventsOf(learner, 'passkey.removed')).toHaveLength(1);
    });

    it('takes a challenge once, also when it is sent many times at once', async () => {
      const { passkey } = await withPasskey();
      const credential = passkey.get(await requestOptions());
      const answers = await Promise.all(Array.from({ length: 5 }, () => login(credential)));
      expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([200, 401, 401, 401, 401]);
    });

    it('takes a challenge that is to add a passkey from nobody', async () => {
      const { learner, passkey } = await withPasskey();
      const { challenge } = await creationOptions(learner);
      const credential = passkey.get({ challenge, rpId: 'school.example' });
      expectProblem(await login(credential), 401, 'auth.passkey_refused');
    });

    it('notices a copy by its counter, and tells', async () => {
      const { learner, passkey } = await withPasskey();
      await login(passkey.get(await requestOptions(), { counter: 7 })).expect(200);
      for (const counter of [7, 6, 0]) {
        const refused = await login(passkey.get(await requestOptions(), { counter }));
        expectProblem(refused, 401, 'auth.passkey_refused');
      }
      expect(await eventsOf(learner, 'passkey.copied')).toHaveLength(3);
      await login(passkey.get(await requestOptions(), { counter: 8 })).expect(200);
    });

    it('lets passkeys that count nothing say 0 for ever', async () => {
      const { passkey } = await withPasskey();
      for (let time = 0; time < 3; time += 1) {
        await login(passkey.get(await requestOptions(), { counter: 0 })).expect(200);
      }
    });

    it('is refused to a disabled account', async () => {
      const { learner, passkey } = await withPasskey();
      await runSql(app.databaseUrl, `UPDATE users SET status = 'disabled' WHERE id = $1`, [learner.tokens.user.id]);
      expectProblem(await login(passkey.get(await requestOptions())), 401, 'auth.passkey_refused');
    });

    it('needs no code where the account has an authenticator app', async () => {
      const { learner, passkey } = await withPasskey();
      await runSql(
        app.databaseUrl,
        `INSERT INTO totp_secrets (user_id, sealed_secret, confirmed_at) VALUES ($1, '', now())`,
        [learner.tokens.user.id],
      );
      await login(passkey.get(await requestOptions())).expect(200);
    });
  });

  describe('one of mine', () => {
    it('can be renamed and removed by me alone', async () => {
      const { learner, added } = await withPasskey();
      const other = await registerLearner(app);
      const path = `users/me/passkeys/${added.id}`;
      expectProblem(await other.call('patch', path, { name: 'x' }), 404, 'passkey.not_found');
      expectProblem(await other.call('delete', path), 404, 'passkey.not_found');
      const { body } = await learner.call('patch', path, { name: 'Work laptop' }).expect(200);
      expect(body.name).toBe('Work laptop');
      expectProblem(await learner.call('patch', path, { name: ' ' }), 400, 'request.invalid');
      await learner.call('delete', path).expect(204);
      expectProblem(await learner.call('delete', path), 404, 'passkey.not_found');
    });

    it.each([
      ['post', 'users/me/passkeys/challenge'],
      ['post', 'users/me/passkeys'],
      ['delete', 'users/me/passkeys/0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80'],
    ] as const)('needs stepping up for %s %s', async (method, path) => {
      const learner = await registerLearner(app);
      await runSql(app.databaseUrl, `UPDATE sessions SET authenticated_at = now() - interval '11 min' WHERE id = $1`, [
        learner.tokens.session.id,
      ]);
      const body = path.endsWith('passkeys') ? { credential: {} } : undefined;
      expectProblem(await learner.call(method, path, body), 403, 'auth.step_up_required');
    });
  });
});
