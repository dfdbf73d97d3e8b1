import { CacheWarmer } from '@app/cache';
import { HotResponses } from '../../libs/cache/src/warming/index.js';
import { ApiClient, loginAs, registerLearner } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { expectProblem } from '../support/problem.js';
import { runSql } from '../support/run-sql.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

interface Namespace {
  readonly namespace: string;
  readonly hitRate: number | null;
  readonly localHits: number;
  readonly misses: number;
  readonly local: { readonly entries: number; readonly sizeBytes: number };
  readonly stored: { readonly entries: number; readonly sizeBytes: number };
}

describe.each(STORE_MODES)('the cache, for admins, with %s stores', (mode) => {
  let app: TestApp;
  let admin: ApiClient;
  let learner: ApiClient;
  beforeAll(async () => {
    app = await startTestApp({ mode });
    admin = await loginAs(app, 'admin');
    learner = await registerLearner(app);
  });
  afterAll(() => app.stop());

  const statusOf = async (path: string) => (await learner.call('get', path).expect(200)).headers['cache-status'];
  const statistics = async (namespace: string) => {
    const { body } = await admin.call('get', 'admin/cache/statistics').expect(200);
    return (body.namespaces as Namespace[]).find((each) => each.namespace === namespace);
  };
  const entries = async (query: string) => {
    const found: { name: string; tags: string[] }[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await admin.call('get', `admin/cache/entries?${query}&limit=50${cursor}`).expect(200);
      found.push(...body.items);
      if (body.nextCursor === null) return found;
      cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
    }
  };

  it.each([
    ['get', 'admin/cache/statistics'],
    ['get', 'admin/cache/entries'],
    ['get', 'admin/cache/warming'],
    ['post', 'admin/cache/warm'],
    ['post', 'admin/cache/invalidate'],
  ] as const)('%s %s is for admins', async (method, path) => {
    for (const client of [learner, await loginAs(app, 'teacher')]) {
      expectProblem(await client.call(method, path), 403, 'auth.role_required');
    }
  });

  it('is counted by namespace', async () => {
    await learner.call('get', 'exams').expect(200);
    const before = (await statistics('exams')) as Namespace;
    for (let time = 0; time < 3; time += 1) await learner.call('get', 'exams').expect(200);
    await learner.call('get', 'exams?limit=17').expect(200);
    const after = (await statistics('exams')) as Namespace;
    expect(after.localHits - before.localHits).toBe(3);
    expect(after.misses - before.misses).toBe(1);
    expect(after.hitRate).toBeGreaterThan(0);
    expect(after.hitRate).toBeLessThan(1);
    expect(after.local.entries).toBe(before.local.entries + 1);
    expect(after.local.sizeBytes).toBeGreaterThan(before.local.sizeBytes);
    expect(after.stored.entries).toBe(before.stored.entries + 1);
  });

  it('is shown by namespace and by tag', async () => {
    const { body } = await learner.call('get', 'questions?limit=1').expect(200);
    const [{ id }] = body.items;
    await learner.call('get', `questions/${id}`).expect(200);
    const ofQuestion = await entries(`tag=${encodeURIComponent(`question:${id}`)}`);
    expect(ofQuestion).toEqual([
      expect.objectContaining({ name: `questions:learner /api/v1/questions/${id}`, tags: [`question:${id}`] }),
    ]);
    const names = (await entries('namespace=questions')).map(({ name }) => name);
    expect(names).toContain('questions:learner /api/v1/questions?limit=1');
    expect(names.every((name) => name.startsWith('questions:'))).toBe(true);
  });

  it('forgets a tag or a namespace, no other, and the audit log knows who did it', async () => {
    for (const path of ['exams', 'questions?limit=2']) await learner.call('get', path).expect(200);
    await admin.call('post', 'admin/cache/invalidate', { tags: ['exams'] }).expect(204);
    expect(await statusOf('exams')).toMatch(/fwd=miss/);
    expect(await statusOf('questions?limit=2')).toMatch(/hit/);
    await admin.call('post', 'admin/cache/invalidate', { namespaces: ['questions'] }).expect(204);
    expect(await statusOf('exams')).toMatch(/hit/);
    expect(await statusOf('questions?limit=2')).toMatch(/fwd=miss/);
    const { body } = await admin.call('get', 'admin/audit?kind=cache.invalidated').expect(200);
    expect(body.items).toHaveLength(2);
  });

  it.each([{}, { tags: [] }, { tags: [''] }, { tags: 'exams' }, { namespaces: ['a b'] }, { everything: true }])(
    'answers 400 to %j',
    async (what) => {
      expectProblem(await admin.call('post', 'admin/cache/invalidate', what), 400, 'request.invalid');
    },
  );

  it('is warmed on demand: what features list is there before anybody asks', async () => {
    await admin.call('post', 'admin/cache/invalidate', { namespaces: ['exams', 'questions'] }).expect(204);
    const { body: begun } = await admin.call('post', 'admin/cache/warm').expect(202);
    expect(begun).toMatchObject({ state: 'running', trigger: 'admin', finishedAt: null });
    const done = await eventually(async () => {
      const { body } = await admin.call('get', 'admin/cache/warming').expect(200);
      expect(body.state).toBe('done');
      return body;
    });
    expect(done).toMatchObject({ total: 5, warmed: 5, failed: 0 });
    for (const path of ['exams', 'exams/reading-mini-1', 'questions']) expect(await statusOf(path)).toMatch(/hit/);
  });

  it('learns what is used, also for the time after a restart', async () => {
    const path = 'questions?limit=3&part=5';
    for (let time = 0; time < 20; time += 1) await learner.call('get', path).expect(200);
    await app.app.get(HotResponses, { strict: false }).learn();
    const [hot] = await runSql<{ score: number }>(
      app.databaseUrl,
      'SELECT score FROM hot_responses WHERE url = $1 AND roles = $2',
      [`/api/v1/${path}`, 'learner'],
    );
    expect(hot?.score).toBeGreaterThanOrEqual(19);
    const next = await startTestApp({ mode, beside: app });
    await next.app.get(CacheWarmer).run('start');
    const { headers } = await new ApiClient(next.url, learner.tokens).call('get', path).expect(200);
    expect(headers['cache-status']).toMatch(/hit/);
    await next.stop();
  });

  it('keeps nothing of one user for warming', async () => {
    await app.app.get(HotResponses, { strict: false }).learn();
    const rows = await runSql<{ roles: string }>(app.databaseUrl, 'SELECT DISTINCT roles FROM hot_responses');
    for (const { roles } of rows) expect(['', 'learner', 'teacher', 'admin']).toContain(roles);
  });
});
