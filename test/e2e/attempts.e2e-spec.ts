import { randomUUID } from 'node:crypto';
import { ApiClient, login, registerLearner, type Tokens } from '../support/api-client.js';
import { statementsOf } from '../support/app-statements.js';
import { type AttemptBody, saveAnswers, saveOf, startAttempt, takeExam } from '../support/attempts.js';
import { contentItems, wrongChoice } from '../support/content-keys.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/run-sql.js';
import { writeHeardForm } from '../support/synthetic-forms.js';
import { temporaryContent, type TemporaryContent } from '../support/temporary-content.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const MINI = 'reading-mini-1';
const MINI_LIMIT_MS = 1_800_000;
const GRACE_MS = 5_000;
const NOWHERE = '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80';

async function read(client: ApiClient, { id }: Pick<AttemptBody, 'id'>): Promise<AttemptBody> {
  return (await client.call('get', `attempts/${id}`).expect(200)).body as AttemptBody;
}

describe.each(STORE_MODES)('attempts with %s stores', (mode) => {
  let content: TemporaryContent;
  let app: TestApp;
  let learner: ApiClient & { readonly tokens: Tokens; readonly password: string };

  beforeAll(async () => {
    content = await temporaryContent();
    await writeHeardForm(content, 'heard');
    await writeHeardForm(content, 'cold');
    app = await startTestApp({ mode, environment: { CONTENT_DIR: content.dir } });
  });
  afterAll(async () => {
    await app?.stop();
    await content?.remove();
  });
  beforeEach(async () => {
    learner = await registerLearner(app);
  });

  /** Moves an attempt back in time, so that its deadline was this long ago. */
  const endAgo = (attempt: AttemptBody, agoMs: number) =>
    runSql(
      app.databaseUrl,
      `UPDATE attempts SET started_at = clock_timestamp() - interval '1 day',
         deadline_at = clock_timestamp() - $2 * interval '1 ms' WHERE id = $1`,
      [attempt.id, agoMs],
    );

  describe('starting', () => {
    it('answers 201 with a new attempt, then 200 with the same one', async () => {
      const { body: attempt } = await learner.call('post', `exams/${MINI}/attempts`).expect(201);
      expect(attempt).toEqual({
        id: expect.any(String),
        examId: expect.any(String),
        status: 'in_progress',
        startedAt: expect.any(String),
        deadlineAt: expect.any(String),
        serverTime: expect.any(String),
        finishedAt: null,
        revision: 0,
        listeningPositionMs: 0,
        answers: [],
      });
      expect(Date.parse(attempt.deadlineAt) - Date.parse(attempt.startedAt)).toBe(MINI_LIMIT_MS);
      const { body: again } = await learner.call('post', `exams/${attempt.examId}/attempts`).expect(200);
      expect(again).toEqual({ ...attempt, serverTime: expect.any(String) });
    });

    it('gives one attempt to 20 starts at once', async () => {
      const replies = await Promise.all(
        Array.from({ length: 20 }, () => learner.call('post', `exams/${MINI}/attempts`)),
      );
      expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(19);
      expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
    });

    it('gives one new attempt to 20 starts at once when the open one is overdue', async () => {
      const old = await startAttempt(learner, MINI);
      await endAgo(old, 60_000);
      const replies = await Promise.all(
        Array.from({ length: 20 }, () => learner.call('post', `exams/${MINI}/attempts`)),
      );
      expect(replies.filter(({ status }) => status !== 200 && status !== 201).map(({ body }) => body)).toEqual([]);
      const ids = new Set(replies.map(({ body }) => body.id));
      expect(ids.size).toBe(1);
      expect(ids).not.toContain(old.id);
      expect(await read(learner, old)).toMatchObject({ status: 'expired' });
    });

    it('gives a new attempt after the end', async () => {
      const first = await takeExam(learner, MINI, []);
      const second = await startAttempt(learner, MINI);
      expect(second).toMatchObject({ status: 'in_progress', revision: 0, answers: [] });
      expect(second.id).not.toBe(first.id);
    });

    it('refuses an unknown exam, a malformed one, and nobody', async () => {
      const unknown = await learner.call('post', 'exams/no-such-exam/attempts').expect(404);
      expect(unknown.body.code).toBe('exam.not_found');
      await learner.call('post', `exams/${NOWHERE}/attempts`).expect(404);
      await learner.call('post', 'exams/not%20an%20exam/attempts').expect(400);
      await new ApiClient(app.url).call('post', `exams/${MINI}/attempts`).expect(401);
    });

    it('reads the form once for 200 learners who start together', async () => {
      const learners: ApiClient[] = [];
      while (learners.length < 200) {
        learners.push(...(await Promise.all(Array.from({ length: 20 }, () => registerLearner(app)))));
      }
      let attempts: AttemptBody[] = [];
      const statements = await statementsOf(app, async () => {
        attempts = await Promise.all(learners.map((one) => startAttempt(one, 'cold')));
      });
      expect(statements.filter((statement) => /\bkeys\b[^]*FROM exams\b/.test(statement))).toHaveLength(1);
      expect(statements.filter((statement) => statement.includes('INSERT INTO attempts'))).toHaveLength(200);
      expect(new Set(attempts.map(({ id }) => id)).size).toBe(200);
      expect(new Set(attempts.map(({ examId }) => examId)).size).toBe(1);
      const stored = await runSql(app.databaseUrl, 'SELECT DISTINCT user_id FROM attempts WHERE exam_id = $1', [
        attempts[0]?.examId,
      ]);
      expect(stored).toHaveLength(200);
    });
  });

  describe('saving', () => {
    it('stores answers, replaces them, and takes them back', async () => {
      const attempt = await startAttempt(learner, MINI);
      const first = await saveAnswers(learner, attempt, 0, [
        { number: 1, choice: 'A' },
        { number: 2, choice: 'B' },
        { number: 40, choice: 'D' },
      ]);
      expect(first).toEqual({
        revision: 1,
        savedAt: expect.any(String),
        serverTime: expect.any(String),
        deadlineAt: attempt.deadlineAt,
      });
      const second = await saveAnswers(learner, attempt, 1, [
        { number: 1, choice: 'C' },
        { number: 2, choice: null },
      ]);
      expect(second.revision).toBe(2);
      expect(await read(learner, attempt)).toMatchObject({
        revision: 2,
        answers: [
          { number: 1, choice: 'C' },
          { number: 40, choice: 'D' },
        ],
      });
    });

    it('takes all answers at once, and none', async () => {
      const attempt = await startAttempt(learner, MINI);
      const items = await contentItems(content.dir, MINI);
      const answers = items.map(({ number, key }) => ({ number, choice: key }));
      await saveAnswers(learner, attempt, 0, answers);
      expect((await saveAnswers(learner, attempt, 1, [])).revision).toBe(2);
      expect((await read(learner, attempt)).answers).toEqual(answers);
    });

    it('gives the same reply to the same request, also after later saves', async () => {
      const attempt = await startAttempt(learner, MINI);
      const save = saveOf(0, [{ number: 3, choice: 'A' }]);
      const { body: first } = await learner.call('put', `attempts/${attempt.id}/answers`, save).expect(200);
      const { body: repeated } = await learner.call('put', `attempts/${attempt.id}/answers`, save).expect(200);
      await saveAnswers(learner, attempt, 1, [{ number: 3, choice: 'B' }]);
      const { body: late } = await learner.call('put', `attempts/${attempt.id}/answers`, save).expect(200);
      const same = { revision: 1, savedAt: first.savedAt, deadlineAt: attempt.deadlineAt };
      expect(repeated).toMatchObject(same);
      expect(late).toMatchObject(same);
      expect(await read(learner, attempt)).toMatchObject({ revision: 2, answers: [{ number: 3, choice: 'B' }] });
    });

    it('counts a save once that is sent 10 times at once', async () => {
      const attempt = await startAttempt(learner, MINI);
      const save = saveOf(0, [{ number: 3, choice: 'A' }]);
      const replies = await Promise.all(
        Array.from({ length: 10 }, () => learner.call('put', `attempts/${attempt.id}/answers`, save).expect(200)),
      );
      expect(new Set(replies.map(({ body }) => body.revision))).toEqual(new Set([1]));
      expect(new Set(replies.map(({ body }) => body.savedAt)).size).toBe(1);
      expect((await read(learner, attempt)).revision).toBe(1);
      expect(
        await runSql(app.databaseUrl, 'SELECT FROM attempt_saves WHERE attempt_id = $1', [attempt.id]),
      ).toHaveLength(1);
    });

    it('takes one of 10 different saves over the same revision and refuses nine', async () => {
      const attempt = await startAttempt(learner, MINI);
      const replies = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          learner.call('put', `attempts/${attempt.id}/answers`, saveOf(0, [{ number: index + 1, choice: 'A' }])),
        ),
      );
      const taken = replies.flatMap(({ status }, index) => (status === 200 ? [index + 1] : []));
      expect(taken).toHaveLength(1);
      const refused = replies.filter(({ status }) => status !== 200);
      expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['attempt.stale_revision']));
      expect(await read(learner, attempt)).toMatchObject({
        revision: 1,
        answers: taken.map((number) => ({ number, choice: 'A' })),
      });
    });

    it('refuses a stale revision with the current state, and loses nothing', async () => {
      const attempt = await startAttempt(learner, MINI);
      await saveAnswers(learner, attempt, 0, [{ number: 1, choice: 'A' }]);
      for (const revision of [0, 2, 2_147_483_647]) {
        const { body } = await learner
          .call('put', `attempts/${attempt.id}/answers`, saveOf(revision, [{ number: 1, choice: 'B' }]))
          .expect(409);
        expect(body).toMatchObject({
          code: 'attempt.stale_revision',
          status: 409,
          current: { id: attempt.id, revision: 1, status: 'in_progress', answers: [{ number: 1, choice: 'A' }] },
        });
      }
      expect(await read(learner, attempt)).toMatchObject({ revision: 1, answers: [{ number: 1, choice: 'A' }] });
    });

    it('refuses a request id that was used for other answers', async () => {
      const attempt = await startAttempt(learner, MINI);
      const save = saveOf(0, [{ number: 1, choice: 'A' }]);
      await learner.call('put', `attempts/${attempt.id}/answers`, save).expect(200);
      for (const revision of [0, 1]) {
        const other = { ...save, revision, answers: [{ number: 1, choice: 'B' }] };
        const { body } = await learner.call('put', `attempts/${attempt.id}/answers`, other).expect(409);
        expect(body).toMatchObject({ code: 'attempt.request_id_reused', current: { revision: 1 } });
      }
      expect((await read(learner, attempt)).answers).toEqual([{ number: 1, choice: 'A' }]);
    });

    it('never fails when one request id comes with several revisions at once', async () => {
      const attempt = await startAttempt(learner, MINI);
      for (let revision = 0; revision < 20;) {
        const requestId = randomUUID();
        const replies = await Promise.all(
          [0, 1, 2, 3].map((ahead) =>
            learner.call('put', `attempts/${attempt.id}/answers`, {
              requestId,
              revision: revision + ahead,
              answers: [{ number: 1, choice: 'A' }],
            }),
          ),
        );
        expect(replies.filter(({ status }) => status !== 200 && status !== 409).map(({ body }) => body)).toEqual([]);
        expect(replies.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
        ({ revision } = await read(learner, attempt));
        if (replies.every(({ status }) => status === 409)) break;
      }
    });

    it('lets two devices go on in turn', async () => {
      const { email } = learner.tokens.user;
      const phone = await login(app, { email, password: learner.password });
      const attempt = await startAttempt(learner, MINI);
      await saveAnswers(learner, attempt, 0, [{ number: 1, choice: 'A' }]);
      const taken = await read(phone, attempt);
      await saveAnswers(phone, attempt, taken.revision, [{ number: 2, choice: 'B' }]);
      const stale = await learner
        .call('put', `attempts/${attempt.id}/answers`, saveOf(1, [{ number: 3, choice: 'C' }]))
        .expect(409);
      const { current } = stale.body as { current: AttemptBody };
      expect(current.answers).toEqual([
        { number: 1, choice: 'A' },
        { number: 2, choice: 'B' },
      ]);
      await saveAnswers(learner, attempt, current.revision, [{ number: 3, choice: 'C' }]);
      expect(await read(phone, attempt)).toMatchObject({
        revision: 3,
        answers: [
          { number: 1, choice: 'A' },
          { number: 2, choice: 'B' },
          { number: 3, choice: 'C' },
        ],
      });
    });

    it('keeps the place in the recording and the time spent', async () => {
      const attempt = await startAttempt(learner, 'heard');
      const save = { ...saveOf(0, [{ number: 1, choice: 'A', elapsedMs: 1200 }]), listeningPositionMs: 65_000 };
      await learner.call('put', `attempts/${attempt.id}/answers`, save).expect(200);
      await saveAnswers(learner, attempt, 1, [{ number: 2, choice: 'C' }]);
      expect(await read(learner, attempt)).toMatchObject({ listeningPositionMs: 65_000, revision: 2 });
    });
  });

  describe('what cannot be saved', () => {
    const RULES: [string, object[], string][] = [
      ['an item the exam does not have', [{ number: 41, choice: 'A' }], 'answers.0'],
      [
        'an item twice',
        [
          { number: 1, choice: 'A' },
          { number: 1, choice: 'A' },
        ],
        'answers.1',
      ],
    ];
    it.each(RULES)('refuses %s', async (_, answers, path) => {
      const attempt = await startAttempt(learner, MINI);
      const { body } = await learner
        .call('put', `attempts/${attempt.id}/answers`, { requestId: 'one', revision: 0, answers })
        .expect(422);
      expect(body).toMatchObject({ code: 'attempt.invalid_answers', errors: [{ path }] });
      expect(await read(learner, attempt)).toMatchObject({ revision: 0, answers: [] });
    });

    it('refuses a fourth option in Part 2, and saves nothing of the batch', async () => {
      const attempt = await startAttempt(learner, 'heard');
      await saveAnswers(learner, attempt, 0, [{ number: 1, choice: 'D' }]);
      const batch = saveOf(1, [
        { number: 1, choice: 'A' },
        { number: 2, choice: 'D' },
      ]);
      const { body } = await learner.call('put', `attempts/${attempt.id}/answers`, batch).expect(422);
      expect(body).toMatchObject({ code: 'attempt.invalid_answers', errors: [{ path: 'answers.1' }] });
      expect(await read(learner, attempt)).toMatchObject({ revision: 1, answers: [{ number: 1, choice: 'D' }] });
    });

    const ONE = { number: 1, choice: 'A' };
    const MALFORMED: [string, object][] = [
      ['no request id', { revision: 0, answers: [ONE] }],
      ['an empty request id', { requestId: '', revision: 0, answers: [ONE] }],
      ['a long request id', { requestId: 'x'.repeat(65), revision: 0, answers: [ONE] }],
      ['a number as request id', { requestId: 7, revision: 0, answers: [ONE] }],
      ['a NUL in the request id', { requestId: 'a\0b', revision: 0, answers: [ONE] }],
      ['no revision', { requestId: 'one', answers: [ONE] }],
      ['a negative revision', { requestId: 'one', revision: -1, answers: [ONE] }],
      ['a huge revision', { requestId: 'one', revision: 2_147_483_648, answers: [ONE] }],
      ['an immense revision', { requestId: 'one', revision: 1e300, answers: [ONE] }],
      ['a fractional revision', { requestId: 'one', revision: 0.5, answers: [ONE] }],
      ['a revision as text', { requestId: 'one', revision: '0', answers: [ONE] }],
      ['no answers', { requestId: 'one', revision: 0 }],
      ['answers as a map', { requestId: 'one', revision: 0, answers: { 1: 'A' } }],
      ['an unknown member', { requestId: 'one', revision: 0, answers: [ONE], score: 990 }],
      ['an unknown member of an answer', { requestId: 'one', revision: 0, answers: [{ ...ONE, correct: true }] }],
      ['a choice E', { requestId: 'one', revision: 0, answers: [{ number: 1, choice: 'E' }] }],
      ['a small letter', { requestId: 'one', revision: 0, answers: [{ number: 1, choice: 'a' }] }],
      ['a missing choice', { requestId: 'one', revision: 0, answers: [{ number: 1 }] }],
      ['a number as text', { requestId: 'one', revision: 0, answers: [{ number: '1', choice: 'A' }] }],
      ['number 0', { requestId: 'one', revision: 0, answers: [{ number: 0, choice: 'A' }] }],
      ['a negative time', { requestId: 'one', revision: 0, answers: [{ ...ONE, elapsedMs: -1 }] }],
      ['a negative place', { requestId: 'one', revision: 0, answers: [ONE], listeningPositionMs: -1 }],
      ['201 answers', { requestId: 'one', revision: 0, answers: Array.from({ length: 201 }, () => ONE) }],
      ['a list', [ONE]],
    ];
    it('refuses malformed saves and stays as it was', async () => {
      const attempt = await startAttempt(learner, MINI);
      for (const [what, body] of MALFORMED) {
        const reply = await learner.call('put', `attempts/${attempt.id}/answers`, body);
        expect({ what, status: reply.status, code: reply.body.code }).toEqual({
          what,
          status: 400,
          code: 'request.invalid',
        });
      }
      const many = Array.from({ length: 10_000 }, (_, index) => ({ number: index + 1, choice: 'A' }));
      const reply = await learner.call('put', `attempts/${attempt.id}/answers`, saveOf(0, many));
      expect([400, 413]).toContain(reply.status);
      for (const text of ['{"requestId":', 'null', '"text"', '[]', '{"__proto__":{"revision":0}}']) {
        await learner
          .call('put', `attempts/${attempt.id}/answers`)
          .set('Content-Type', 'application/json')
          .send(text)
          .expect(400);
      }
      await learner.call('put', `attempts/${attempt.id}/answers`).expect(400);
      await learner
        .call('put', `attempts/${attempt.id}/answers`)
        .set('Content-Type', 'text/plain')
        .send('x')
        .expect(415);
      expect(await read(learner, attempt)).toMatchObject({ revision: 0, answers: [], status: 'in_progress' });
    });
  });

  it('answers 404 for the attempt of someone else on every route, and changes nothing', async () => {
    const attempt = await startAttempt(learner, MINI);
    await saveAnswers(learner, attempt, 0, [{ number: 1, choice: 'A' }]);
    const stranger = await registerLearner(app);
    const save = saveOf(1, [{ number: 1, choice: 'B' }]);
    const ROUTES = [
      ['get', '', undefined],
      ['put', '/answers', save],
      ['post', '/submit', undefined],
      ['post', '/submit', save],
      ['get', '/result', undefined],
      ['get', '/review', undefined],
    ] as const;
    for (const id of [attempt.id, NOWHERE]) {
      for (const [method, route, body] of ROUTES) {
        const reply = await stranger.call(method, `attempts/${id}${route}`, body);
        expect({ route, status: reply.status, code: reply.body.code }).toEqual({
          route,
          status: 404,
          code: 'attempt.not_found',
        });
      }
    }
    for (const [method, route, body] of ROUTES) await stranger.call(method, `attempts/no-id${route}`, body).expect(400);
    expect((await stranger.call('get', 'attempts').expect(200)).body).toEqual({ items: [], nextCursor: null });
    expect(await read(learner, attempt)).toMatchObject({ revision: 1, answers: [{ number: 1, choice: 'A' }] });
  });

  describe('at the deadline', () => {
    it('takes a save within the grace', async () => {
      const attempt = await startAttempt(learner, MINI);
      await endAgo(attempt, GRACE_MS / 5);
      const reply = await saveAnswers(learner, attempt, 0, [{ number: 1, choice: 'A' }]);
      expect(Date.parse(reply.serverTime)).toBeGreaterThan(Date.parse(reply.deadlineAt));
      expect(await read(learner, attempt)).toMatchObject({ answers: [{ number: 1, choice: 'A' }] });
    });

    it('takes a submission within the grace, finished at the deadline', async () => {
      const attempt = await startAttempt(learner, MINI);
      await endAgo(attempt, GRACE_MS / 5);
      const { body } = await learner
        .call('post', `attempts/${attempt.id}/submit`, saveOf(0, [{ number: 1, choice: 'A' }]))
        .expect(200);
      expect(body).toMatchObject({ status: 'submitted', answers: [{ number: 1, choice: 'A' }] });
      expect(body.finishedAt).toBe(body.deadlineAt);
    });

    it('refuses a save after the grace and changes nothing', async () => {
      const attempt = await startAttempt(learner, MINI);
      const save = saveOf(0, [{ number: 1, choice: 'A' }]);
      await learner.call('put', `attempts/${attempt.id}/answers`, save).expect(200);
      await endAgo(attempt, GRACE_MS + 1_000);
      const late = saveOf(1, [{ number: 1, choice: 'B' }]);
      for (let time = 0; time < 2; time += 1) {
        const { body } = await learner.call('put', `attempts/${attempt.id}/answers`, late).expect(409);
        expect(body).toMatchObject({
          code: 'attempt.deadline_passed',
          current: { status: 'expired', revision: 1, answers: [{ number: 1, choice: 'A' }] },
        });
      }
      const { body: repeated } = await learner.call('put', `attempts/${attempt.id}/answers`, save).expect(200);
      expect(repeated.revision).toBe(1);
      expect(await read(learner, attempt)).toMatchObject({ revision: 1, answers: [{ number: 1, choice: 'A' }] });
    });

    it('ends an attempt nobody touches within seconds, and scores it', async () => {
      const [item] = await contentItems(content.dir, MINI);
      const attempt = await startAttempt(learner, MINI);
      await saveAnswers(learner, attempt, 0, [{ number: 1, choice: item?.key as string }]);
      await endAgo(attempt, GRACE_MS + 100);
      const row = await eventually(async () => {
        const [ended] = await runSql<{ status: string }>(
          app.databaseUrl,
          `SELECT status, result, finished_at = deadline_at AS "atDeadline" FROM attempts WHERE id = $1`,
          [attempt.id],
        );
        expect(ended?.status).not.toBe('in_progress');
        return ended;
      }, 5_000);
      expect(row).toMatchObject({ status: 'expired', atDeadline: true, result: { total: { raw: 1 } } });
      const ended = await read(learner, attempt);
      expect(ended).toMatchObject({ status: 'expired', answers: [{ number: 1, choice: item?.key }] });
      expect(ended.finishedAt).toBe(ended.deadlineAt);
      const { body } = await learner.call('get', `attempts/${attempt.id}/result`).expect(200);
      expect(body.total.raw).toBe(1);
    });

    it('does not end one whose grace is not over', async () => {
      const attempt = await startAttempt(learner, MINI);
      const other = await startAttempt(learner, 'heard');
      await endAgo(attempt, 0);
      await endAgo(other, GRACE_MS + 100);
      await eventually(async () => {
        const rows = await runSql(app.databaseUrl, 'SELECT status FROM attempts WHERE id = $1', [other.id]);
        expect(rows).toEqual([{ status: 'expired' }]);
      }, 5_000);
      expect(await read(learner, attempt)).toMatchObject({ status: 'in_progress' });
    });

    it('answers a submission after the deadline with the expired attempt', async () => {
      const attempt = await startAttempt(learner, MINI);
      await saveAnswers(learner, attempt, 0, [{ number: 1, choice: 'A' }]);
      await endAgo(attempt, 60_000);
      const { body } = await learner.call('post', `attempts/${attempt.id}/submit`).expect(200);
      expect(body).toMatchObject({ status: 'expired', answers: [{ number: 1, choice: 'A' }] });
      expect(body.finishedAt).toBe(body.deadlineAt);
      const late = await learner
        .call('post', `attempts/${attempt.id}/submit`, saveOf(1, [{ number: 1, choice: 'B' }]))
        .expect(409);
      expect(late.body.code).toBe('attempt.deadline_passed');
      expect((await read(learner, attempt)).answers).toEqual([{ number: 1, choice: 'A' }]);
    });
  });

  describe('submitting', () => {
    it('gives the same attempt each time', async () => {
      const attempt = await startAttempt(learner, MINI);
      const { body: first } = await learner.call('post', `attempts/${attempt.id}/submit`).expect(200);
      expect(first).toMatchObject({ id: attempt.id, status: 'submitted', revision: 0, answers: [] });
      expect(Date.parse(first.finishedAt)).toBeGreaterThanOrEqual(Date.parse(first.startedAt));
      const { body: second } = await learner.call('post', `attempts/${attempt.id}/submit`).expect(200);
      expect(second).toEqual({ ...first, serverTime: expect.any(String) });
    });

    it('ends once when it is sent 10 times at once', async () => {
      const attempt = await startAttempt(learner, MINI);
      const last = saveOf(0, [{ number: 1, choice: 'A' }]);
      const replies = await Promise.all(
        Array.from({ length: 10 }, () => learner.call('post', `attempts/${attempt.id}/submit`, last).expect(200)),
      );
      expect(new Set(replies.map(({ body }) => `${body.status} ${body.finishedAt} ${body.revision}`)).size).toBe(1);
      expect(replies[0]?.body).toMatchObject({ revision: 1, answers: [{ number: 1, choice: 'A' }] });
    });

    it('takes a last save, also when it is sent again', async () => {
      const attempt = await startAttempt(learner, MINI);
      await saveAnswers(learner, attempt, 0, [{ number: 1, choice: 'A' }]);
      const last = saveOf(1, [{ number: 2, choice: 'B' }]);
      const { body: first } = await learner.call('post', `attempts/${attempt.id}/submit`, last).expect(200);
      expect(first).toMatchObject({
        status: 'submitted',
        revision: 2,
        answers: [
          { number: 1, choice: 'A' },
          { number: 2, choice: 'B' },
        ],
      });
      const { body: again } = await learner.call('post', `attempts/${attempt.id}/submit`, last).expect(200);
      expect(again).toEqual({ ...first, serverTime: expect.any(String) });
      await learner.call('post', `attempts/${attempt.id}/submit`).expect(200);
    });

    it('keeps the attempt open when the last save is stale or unsound', async () => {
      const attempt = await startAttempt(learner, MINI);
      await saveAnswers(learner, attempt, 0, [{ number: 1, choice: 'A' }]);
      const stale = await learner
        .call('post', `attempts/${attempt.id}/submit`, saveOf(0, [{ number: 2, choice: 'B' }]))
        .expect(409);
      expect(stale.body).toMatchObject({ code: 'attempt.stale_revision', current: { revision: 1 } });
      await learner.call('post', `attempts/${attempt.id}/submit`, saveOf(1, [{ number: 41, choice: 'B' }])).expect(422);
      await learner.call('post', `attempts/${attempt.id}/submit`, { answers: [] }).expect(400);
      expect(await read(learner, attempt)).toMatchObject({ status: 'in_progress', revision: 1 });
    });

    it('takes an empty body that is announced as JSON', async () => {
      const attempt = await startAttempt(learner, MINI);
      const { body } = await learner
        .call('post', `attempts/${attempt.id}/submit`)
        .set('Content-Type', 'application/json')
        .expect(200);
      expect(body.status).toBe('submitted');
    });

    it('refuses saves afterwards, and other last saves', async () => {
      const attempt = await takeExam(learner, MINI, [{ number: 1, choice: 'A' }]);
      const late = saveOf(1, [{ number: 1, choice: 'B' }]);
      const save = await learner.call('put', `attempts/${attempt.id}/answers`, late).expect(409);
      expect(save.body).toMatchObject({ code: 'attempt.over', current: { status: 'submitted', revision: 1 } });
      const submission = await learner.call('post', `attempts/${attempt.id}/submit`, late).expect(409);
      expect(submission.body.code).toBe('attempt.over');
      expect((await read(learner, attempt)).answers).toEqual([{ number: 1, choice: 'A' }]);
    });

    it('loses no acknowledged save that races with it', async () => {
      const attempt = await startAttempt(learner, MINI);
      const acknowledged = new Map<number, string>();
      const saving = (async () => {
        for (let revision = 0; revision < 40; revision += 1) {
          const number = revision + 1;
          const save = saveOf(revision, [{ number, choice: 'B' }]);
          const { status, body } = await learner.call('put', `attempts/${attempt.id}/answers`, save);
          if (status !== 200) return expect(body.code).toBe('attempt.over');
          acknowledged.set(number, 'B');
        }
      })();
      await eventually(() => expect(acknowledged.size).toBeGreaterThanOrEqual(3));
      const { body } = await learner.call('post', `attempts/${attempt.id}/submit`).expect(200);
      await saving;
      expect(body.answers).toEqual([...acknowledged].map(([number, choice]) => ({ number, choice })));
      expect((await read(learner, attempt)).answers).toEqual(body.answers);
    });
  });

  it('gives neither result nor review before the end', async () => {
    const attempt = await startAttempt(learner, MINI);
    const items = await contentItems(content.dir, MINI);
    await saveAnswers(
      learner,
      attempt,
      0,
      items.map((item) => ({ number: item.number, choice: wrongChoice(item) })),
    );
    for (const view of ['result', 'review']) {
      const { body } = await learner.call('get', `attempts/${attempt.id}/${view}`).expect(409);
      expect(body.code).toBe('attempt.in_progress');
      expect(Object.keys(body).toSorted()).toEqual(['code', 'requestId', 'status', 'title', 'type']);
    }
  });

  it('keeps every acknowledged answer over a stop and a start', async () => {
    const options = { mode, environment: { CONTENT_DIR: content.dir }, beside: app };
    const first = await startTestApp(options);
    const client = new ApiClient(first.url, learner.tokens);
    const attempt = await startAttempt(client, MINI);
    const acknowledged = new Set<number>();
    const saving = (async () => {
      for (let revision = 0; revision < 10_000; revision += 1) {
        const number = (revision % 40) + 1;
        const choice = 'ABCD'[Math.floor(revision / 40) % 4] as string;
        const reply = await client
          .call('put', `attempts/${attempt.id}/answers`, saveOf(revision, [{ number, choice }]))
          .catch(() => undefined);
        if (reply?.status !== 200) return;
        acknowledged.add(reply.body.revision as number);
      }
    })();
    await eventually(() => expect(acknowledged.size).toBeGreaterThanOrEqual(25));
    await first.stop();
    await saving;
    const second = await startTestApp(options);
    try {
      const back = new ApiClient(second.url, learner.tokens);
      const state = await read(back, attempt);
      // The reply to the very last save may have been lost on the way.
      expect(state.revision - acknowledged.size).toBeGreaterThanOrEqual(0);
      expect(state.revision - acknowledged.size).toBeLessThanOrEqual(1);
      const expected = new Map<number, string>();
      for (let revision = 0; revision < state.revision; revision += 1) {
        expected.set((revision % 40) + 1, 'ABCD'[Math.floor(revision / 40) % 4] as string);
      }
      expect(state.answers).toEqual([...expected].map(([number, choice]) => ({ number, choice })));
      await saveAnswers(back, attempt, state.revision, [{ number: 40, choice: 'D' }]);
    } finally {
      await second.stop();
    }
  });
});
