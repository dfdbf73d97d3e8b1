import { randomUUID } from 'node:crypto';
import { ExamContentLoader } from '@app/exams';
import { QuestionContentLoader } from '@app/questions';
import { ApiClient, loginAs, registerLearner } from '../support/api-client.js';
import { takeExam } from '../support/attempts.js';
import { runSql } from '../support/run-sql.js';
import { ONLY_HEARD, SECRET, writeHeardForm } from '../support/synthetic-forms.js';
import { temporaryContent, type TemporaryContent } from '../support/temporary-content.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const MINI = 'reading-mini-1';
const NOWHERE = '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80';

interface QuestionBody {
  readonly id: string;
  readonly setId: string;
  readonly part: number;
  readonly ability: string;
  readonly difficulty: number;
  readonly tags: readonly string[];
  readonly stem: string | null;
  readonly options: readonly { readonly label: string; readonly text: string | null }[];
  readonly version: number;
}

const SOUND = {
  part: 5,
  ability: 'R5',
  difficulty: 2,
  tags: ['verb-tense'],
  stem: 'The quorum ------- the motion before Friday.',
  options: ['approve', 'approval', 'will approve', 'approving'],
  key: 'C',
  explanation: `${SECRET} explanation`,
  distractors: { A: `${SECRET} A`, B: `${SECRET} B`, D: `${SECRET} D` },
};
const RESPONSE = {
  ...SOUND,
  part: 2,
  ability: 'L1',
  stem: `${ONLY_HEARD} question`,
  options: [`${ONLY_HEARD} one`, `${ONLY_HEARD} two`, `${ONLY_HEARD} three`],
  distractors: { A: `${SECRET} A`, B: `${SECRET} B` },
  transcript: [{ speaker: 'Man', text: `${SECRET} transcript` }],
};
const LIMITS = ['0', '101', 'abc', '-1', '1.5', '', 'NaN', 'Infinity', '1e9'];
const COUNT_SETS = 'SELECT count(*)::int AS count FROM question_sets';
const EDITOR_ONLY = ['archivedAt', 'createdAt', 'distractors', 'explanation', 'key', 'updatedAt'];
const SHARED = ['ability', 'difficulty', 'id', 'options', 'part', 'setId', 'stem', 'tags', 'version'];

describe.each(STORE_MODES)('questions with %s stores', (mode) => {
  let content: TemporaryContent;
  let app: TestApp;
  let learner: ApiClient;
  let teacher: ApiClient;
  let admin: ApiClient;

  beforeAll(async () => {
    content = await temporaryContent();
    await writeHeardForm(content, 'heard');
    app = await startTestApp({ mode, environment: { CONTENT_DIR: content.dir } });
    learner = await registerLearner(app);
    teacher = await loginAs(app, 'teacher');
    admin = await loginAs(app, 'admin');
  });
  afterAll(async () => {
    await app?.stop();
    await content?.remove();
  });

  const list = async (query: string, client = learner): Promise<QuestionBody[]> =>
    (await client.call('get', `questions?${query}`).expect(200)).body.items as QuestionBody[];
  const create = async (body: object = SOUND): Promise<QuestionBody> =>
    (await teacher.call('post', 'questions', body).expect(201)).body as QuestionBody;
  const allPages = async (query: string, between: () => Promise<unknown> = async () => undefined) => {
    const seen: QuestionBody[] = [];
    let cursor: string | null = null;
    do {
      const after: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await learner.call('get', `questions?${query}${after}`).expect(200);
      seen.push(...(body.items as QuestionBody[]));
      cursor = body.nextCursor as string | null;
      if (cursor !== null) await between();
    } while (cursor !== null);
    return seen;
  };

  describe('browsing', () => {
    it('filters by each member, and by all together', async () => {
      const all = await allPages('limit=100');
      expect(all).toHaveLength(43);
      const withTag = all.find(({ tags }) => tags.includes('verb-tense')) as QuestionBody;
      const filters: [string, (question: QuestionBody) => boolean][] = [
        ['part=5', ({ part }) => part === 5],
        ['part=2', ({ part }) => part === 2],
        ['ability=R4', ({ ability }) => ability === 'R4'],
        ['difficulty=3', ({ difficulty }) => difficulty === 3],
        ['tag=verb-tense', ({ tags }) => tags.includes('verb-tense')],
        [
          'part=5&ability=R5&difficulty=3&tag=verb-tense',
          (question) =>
            question.part === 5 &&
            question.ability === 'R5' &&
            question.difficulty === 3 &&
            question.tags.includes('verb-tense'),
        ],
      ];
      for (const [query, fits] of filters) {
        const found = await list(`limit=100&${query}`);
        expect(found.length).toBeGreaterThan(0);
        expect(idsOf(found)).toEqual(idsOf(all.filter(fits)));
      }
      expect(idsOf(await list(`tag=${withTag.tags[0]}`))).toContain(withTag.id);
      expect(await list('tag=no-such-tag')).toEqual([]);
      expect(await list('ability=L5')).toEqual([]);
    });

    it('finds words of stems, options and passages, as people type them', async () => {
      const [stem] = await list('q=warehouses%20in%20Gdansk');
      expect(stem?.stem).toContain('warehouse in Gdansk');
      expect(idsOf(await list('q=%22will%20have%20migrated%22'))).toEqual([stem?.id]);
      const passage = await list('q=elevators%20Varga');
      expect(passage.map(({ part }) => part)).toEqual([6, 6, 6, 6]);
      for (const q of [
        'zzzz',
        '%22%22%22',
        '%27%3B--',
        '%26%7C!()',
        '%3A*',
        '-warehouse%20Gdansk%20-',
        '%F0%9F%98%80',
      ]) {
        await learner.call('get', `questions?q=${q}`).expect(200);
      }
      expect(await list('q=nosuchwordanywhere')).toEqual([]);
    });

    it.each([1, 7, 42, 43, 100])('goes through all in pages of %d without gap or repetition', async (limit) => {
      const all = await list('limit=100');
      expect(idsOf(await allPages(`limit=${limit}`))).toEqual(idsOf(all));
    });

    it('goes through all while others are added and archived in between', async () => {
      const before = idsOf(await list('limit=100'));
      const added: string[] = [];
      const seen = idsOf(await allPages('limit=15', async () => added.push((await create()).id)));
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.slice(0, before.length)).toEqual(before);
      expect(before.concat(added)).toEqual(expect.arrayContaining(seen));
      for (const id of added) await teacher.call('delete', `questions/${id}`).expect(204);
      expect(idsOf(await list('limit=100'))).toEqual(before);
    });

    it('answers at most 20 unless told', async () => {
      const { body } = await learner.call('get', 'questions').expect(200);
      expect(body.items).toHaveLength(20);
      expect(body.nextCursor).toEqual(expect.any(String));
    });

    it('refuses limits, cursors, filters and members it does not know', async () => {
      const { body: exams } = await learner.call('get', 'exams?limit=1').expect(200);
      const cursors = [
        'garbage',
        '%00',
        exams.nextCursor as string,
        cursorOf(7),
        cursorOf(null),
        cursorOf({ id: NOWHERE }),
        cursorOf("' OR 1=1 --"),
        'a'.repeat(501),
        'a'.repeat(5_000),
      ];
      const queries = [
        ...LIMITS.map((limit) => `limit=${limit}`),
        ...cursors.map((cursor) => `cursor=${cursor}`),
        'part=0',
        'part=8',
        'part=x',
        'ability=L6',
        'ability=r1',
        'difficulty=0',
        'difficulty=6',
        'tag=',
        'q=',
        'q=%20',
        `q=${'a'.repeat(201)}`,
        'q=%00',
        'tag=a%00b',
        'page=2',
        'includeArchived=true',
        'text=x',
        'part=5&part=6',
        'q[]=a',
      ];
      for (const query of queries) {
        const { status, body } = await learner.call('get', `questions?${query}`);
        expect({ query, status, code: body.code }).toEqual({ query, status: 400, code: 'request.invalid' });
        expect(body.errors.length).toBeGreaterThan(0);
      }
    });

    it('lets nobody in without a token', async () => {
      await new ApiClient(app.url).call('get', 'questions').expect(401);
      await new ApiClient(app.url).call('get', `questions/${NOWHERE}`).expect(401);
    });
  });

  describe('what a learner sees', () => {
    it('is neither key nor explanation, distractors or transcript', async () => {
      for (const question of await list('limit=100')) expect(Object.keys(question).toSorted()).toEqual(SHARED);
      for (const part of [1, 2, 5, 6, 7]) {
        const [{ id }] = (await list(`part=${part}&limit=1`)) as [QuestionBody];
        const { body, text } = await learner.call('get', `questions/${id}`).expect(200);
        expect(Object.keys(body).toSorted()).toEqual([...SHARED, 'set'].toSorted());
        expect(Object.keys(body.set).toSorted()).toEqual(['audioUrl', 'graphicAlt', 'graphicUrl', 'id', 'passages']);
        expect(text).not.toContain(SECRET);
      }
    });

    it('is all of it for editors', async () => {
      for (const editor of [teacher, admin]) {
        for (const question of await list('limit=100', editor)) {
          expect(Object.keys(question).toSorted()).toEqual([...SHARED, ...EDITOR_ONLY].toSorted());
        }
        const [{ id }] = (await list('part=2&limit=1', editor)) as [QuestionBody];
        const { body } = await editor.call('get', `questions/${id}`).expect(200);
        expect(body).toMatchObject({
          key: 'A',
          stem: expect.stringContaining(ONLY_HEARD),
          explanation: expect.stringContaining(SECRET),
          set: { transcript: [{ speaker: 'Woman', text: expect.stringContaining(SECRET) }] },
        });
        expect(body.options.map(({ text }: { text: string }) => text)).toEqual(
          repeat(3, expect.stringContaining(ONLY_HEARD)),
        );
      }
    });

    it('is not kept from a learner who asks after an editor did', async () => {
      const [{ id }] = (await list('part=5&limit=1', teacher)) as [QuestionBody];
      for (const path of ['questions?part=5', `questions/${id}`]) {
        const seen = await teacher.call('get', path).expect(200);
        expect(seen.text).toContain('"key"');
        const { text } = await learner.call('get', path).expect(200);
        expect(text).not.toContain('"key"');
        await learner
          .call('get', path)
          .set('If-None-Match', seen.headers['etag'] as string)
          .expect(200);
      }
    });

    it('has no options in Parts 1 and 2, and no stem in Part 2, also not by searching', async () => {
      for (const part of [1, 2]) {
        const heard = await list(`part=${part}`);
        expect(heard).toHaveLength(part);
        for (const { options, stem } of heard) {
          expect(options).toEqual(
            ['A', 'B', 'C', 'D'].slice(0, part === 1 ? 4 : 3).map((label) => ({ label, text: null })),
          );
          expect(stem).toBeNull();
        }
      }
      for (const client of [learner, teacher]) {
        for (const q of [ONLY_HEARD, SECRET, `option ${ONLY_HEARD}`]) expect(await list(`q=${q}`, client)).toEqual([]);
      }
    });
  });

  describe('adding', () => {
    it('is for editors', async () => {
      for (const client of [teacher, admin]) await client.call('post', 'questions', SOUND).expect(201);
      const { body } = await learner.call('post', 'questions', SOUND).expect(403);
      expect(body.code).toBe('auth.role_required');
      await learner.call('patch', `questions/${NOWHERE}`, { difficulty: 1 }).expect(403);
      await learner.call('delete', `questions/${NOWHERE}`).expect(403);
      await new ApiClient(app.url).call('post', 'questions', SOUND).expect(401);
    });

    it('makes a set of its own, or adds to one that exists, in order', async () => {
      const passages = [{ kind: 'notice', title: 'Closed', text: 'The Hovercraft stays closed on Sunday.' }];
      const first = await create({ ...SOUND, part: 7, ability: 'R2', passages, audioUrl: null });
      expect(first).toMatchObject({
        part: 7,
        version: 1,
        key: 'C',
        archivedAt: null,
        set: { id: first.setId, passages, audioUrl: null, graphicUrl: null, graphicAlt: null, transcript: null },
      });
      const more = await Promise.all(
        Array.from({ length: 5 }, () => create({ ...SOUND, part: 7, ability: 'R2', setId: first.setId })),
      );
      expect(new Set(more.map(({ setId }) => setId))).toEqual(new Set([first.setId]));
      expect(more[0]).toMatchObject({ set: { passages } });
      const rows = await runSql<{ position: number }>(
        app.databaseUrl,
        'SELECT position FROM questions WHERE set_id = $1 ORDER BY position',
        [first.setId],
      );
      expect(rows.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6]);
      const found = await list('q=hovercraft&part=7&limit=100');
      expect(idsOf(found).toSorted()).toEqual([first.id, ...idsOf(more)].toSorted());
    });

    it('refuses a set that does not exist, or is of another part', async () => {
      const { setId } = await create();
      for (const body of [
        { ...SOUND, setId: NOWHERE },
        { ...SOUND, part: 7, ability: 'R2', setId },
      ]) {
        const reply = await teacher.call('post', 'questions', body).expect(404);
        expect(reply.body.code).toBe('question.set_not_found');
      }
    });

    const RULES: [string, object, string][] = [
      ['three options in Part 5', { options: ['a', 'b', 'c'] }, 'options'],
      ['four options in Part 2', { ...RESPONSE, options: ['a', 'b', 'c', 'd'] }, 'options'],
      ['the same option twice', { options: ['a', 'A ', 'b', 'c'] }, 'options'],
      ['key D in Part 2', { ...RESPONSE, key: 'D', distractors: { A: 'x', B: 'x', C: 'x' } }, 'key'],
      ['a listening ability in Part 5', { ability: 'L1' }, 'ability'],
      ['a reading ability in Part 2', { ...RESPONSE, ability: 'R1' }, 'ability'],
      ['a missing distractor line', { distractors: { A: 'x', B: 'x' } }, 'distractors'],
      ['a distractor line for the key', { distractors: { A: 'x', B: 'x', C: 'x', D: 'x' } }, 'distractors'],
      ['no stem in Part 5', { stem: null }, 'stem'],
    ];
    it.each(RULES)('refuses %s', async (_, changes, path) => {
      const reply = await teacher.call('post', 'questions', { ...SOUND, ...changes }).expect(422);
      expect(reply.body.code).toBe('question.rules');
      expect(reply.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    });

    const MALFORMED: object[] = [
      {},
      { ...SOUND, part: 8 },
      { ...SOUND, part: '5' },
      { ...SOUND, difficulty: 6 },
      { ...SOUND, options: 'abcd' },
      { ...SOUND, options: ['a', 'b'] },
      { ...SOUND, options: ['a', 'b', 'c', ''] },
      { ...SOUND, key: 'E' },
      { ...SOUND, stem: 'x'.repeat(2001) },
      { ...SOUND, stem: 'a\0b' },
      { ...SOUND, tags: Array.from({ length: 21 }, (_, index) => `t${index}`) },
      { ...SOUND, distractors: { A: 'a\0b', B: 'x', D: 'x' } },
      { ...SOUND, distractors: { ...SOUND.distractors, E: 'x' } },
      { ...SOUND, audioUrl: 'https://elsewhere.example/a.mp3' },
      { ...SOUND, audioUrl: '/media/../secret' },
      { ...SOUND, setId: 'x' },
      { ...SOUND, id: NOWHERE },
      { ...SOUND, passages: Array.from({ length: 4 }, () => ({ kind: 'notice', title: null, text: 'x' })) },
    ];
    it('refuses what does not have the documented shape', async () => {
      for (const body of MALFORMED) {
        const reply = await teacher.call('post', 'questions', body);
        expect({ body, status: reply.status, code: reply.body.code }).toEqual({
          body,
          status: 400,
          code: 'request.invalid',
        });
      }
    });

    it('takes any text, also halves of characters', async () => {
      const odd = 'a\ud800b \u{1F600} \u202E';
      const text = JSON.stringify({ ...SOUND, stem: odd, distractors: { A: odd, B: odd, D: odd }, tags: [odd] });
      const reply = await teacher.call('post', 'questions').set('Content-Type', 'application/json').send(text);
      expect([201, 400]).toContain(reply.status);
    });

    it('adds once for the same idempotency key', async () => {
      const key = randomUUID();
      const first = await teacher.call('post', 'questions', SOUND).set('Idempotency-Key', key).expect(201);
      const second = await teacher.call('post', 'questions', SOUND).set('Idempotency-Key', key).expect(200);
      expect(second.body).toEqual(first.body);
      const other = await admin.call('post', 'questions', SOUND).set('Idempotency-Key', key).expect(201);
      expect(other.body.id).not.toBe(first.body.id);
      await teacher.call('post', 'questions', SOUND).set('Idempotency-Key', 'x'.repeat(101)).expect(400);
      await teacher.call('post', 'questions', SOUND).set('Idempotency-Key', 'with space').expect(400);
    });

    it('adds once for the same idempotency key sent 10 times at once', async () => {
      const key = randomUUID();
      const [before] = await runSql<{ count: number }>(app.databaseUrl, COUNT_SETS);
      const replies = await Promise.all(
        Array.from({ length: 10 }, () => teacher.call('post', 'questions', SOUND).set('Idempotency-Key', key)),
      );
      expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(9);
      expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
      const [after] = await runSql<{ count: number }>(app.databaseUrl, COUNT_SETS);
      expect(after?.count).toBe((before?.count as number) + 1);
    });
  });

  describe('changing', () => {
    it('makes a new version and keeps the one before', async () => {
      const question = await create();
      const { body } = await teacher
        .call('patch', `questions/${question.id}`, { difficulty: 4, tags: ['renewed'], expectedVersion: 1 })
        .expect(200);
      expect(body).toMatchObject({
        ...question,
        difficulty: 4,
        tags: ['renewed'],
        version: 2,
        updatedAt: expect.any(String),
      });
      const rows = await runSql<{ version: number; question: QuestionBody }>(
        app.databaseUrl,
        'SELECT version, question FROM question_versions WHERE question_id = $1',
        [question.id],
      );
      expect(rows).toMatchObject([{ version: 1, question: { difficulty: 2, tags: ['verb-tense'] } }]);
      expect((await learner.call('get', `questions/${question.id}`).expect(200)).body).toMatchObject({ version: 2 });
    });

    it('refuses when somebody else changed it since', async () => {
      const { id } = await create();
      await admin.call('patch', `questions/${id}`, { difficulty: 5 }).expect(200);
      const { body } = await teacher
        .call('patch', `questions/${id}`, { difficulty: 1, expectedVersion: 1 })
        .expect(409);
      expect(body).toMatchObject({ code: 'question.changed', currentVersion: 2 });
      expect((await teacher.call('get', `questions/${id}`).expect(200)).body).toMatchObject({
        difficulty: 5,
        version: 2,
      });
    });

    it('loses none of several changes at once without saying so', async () => {
      const { id } = await create();
      const tags = Array.from({ length: 10 }, (_, index) => `change-${index}`);
      const replies = await Promise.all(tags.map((tag) => teacher.call('patch', `questions/${id}`, { tags: [tag] })));
      const taken = replies.filter(({ status }) => status === 200);
      expect(taken.length).toBeGreaterThan(0);
      const refused = replies.filter(({ status }) => status !== 200).map(({ body }) => body.code as string);
      expect(refused.every((code) => code === 'question.changed')).toBe(true);
      const { body } = await teacher.call('get', `questions/${id}`).expect(200);
      expect(body.version).toBe(1 + taken.length);
      const kept = await runSql<{ question: QuestionBody }>(
        app.databaseUrl,
        'SELECT question FROM question_versions WHERE question_id = $1 ORDER BY version',
        [id],
      );
      const everyState = [...kept.map(({ question }) => question.tags[0]), body.tags[0] as string];
      expect(new Set(everyState.slice(1))).toEqual(new Set(taken.map((reply) => reply.body.tags[0] as string)));
    });

    it('follows the rules, and the documented shape', async () => {
      const { id } = await create();
      for (const changes of [{ key: 'A' }, { ability: 'L2' }, { options: ['a', 'b', 'c'] }, { stem: null }]) {
        const { body } = await teacher.call('patch', `questions/${id}`, changes).expect(422);
        expect(body.code).toBe('question.rules');
      }
      for (const changes of [
        {},
        { part: 6 },
        { setId: NOWHERE },
        { version: 3 },
        { difficulty: '3' },
        { expectedVersion: 0 },
      ]) {
        const { body } = await teacher.call('patch', `questions/${id}`, changes).expect(400);
        expect(body.code).toBe('request.invalid');
      }
      await teacher.call('patch', `questions/${NOWHERE}`, { difficulty: 1 }).expect(404);
      await teacher.call('patch', 'questions/no-id', { difficulty: 1 }).expect(400);
      expect((await teacher.call('get', `questions/${id}`).expect(200)).body.version).toBe(1);
    });
  });

  describe('archiving', () => {
    it('takes it out of the bank, for good', async () => {
      const { id } = await create();
      await teacher.call('delete', `questions/${id}`).expect(204);
      const gone = await learner.call('get', `questions/${id}`).expect(404);
      expect(gone.body.code).toBe('question.not_found');
      expect((await teacher.call('get', `questions/${id}`).expect(200)).body.archivedAt).toEqual(expect.any(String));
      for (const client of [learner, teacher]) {
        expect(idsOf(await list('part=5&limit=100&tag=verb-tense', client))).not.toContain(id);
      }
      expect((await teacher.call('delete', `questions/${id}`).expect(404)).body.code).toBe('question.not_found');
      await teacher.call('delete', `questions/${NOWHERE}`).expect(404);
      await teacher.call('patch', `questions/${id}`, { difficulty: 5 }).expect(200);
      await learner.call('get', `questions/${id}`).expect(404);
    });

    it('leaves it in published exams', async () => {
      const before = await learner.call('get', `exams/${MINI}`).expect(200);
      const [question] = (await list('q=warehouse%20Gdansk')) as [QuestionBody];
      await teacher.call('delete', `questions/${question.id}`).expect(204);
      await app.app.get(QuestionContentLoader).load(content.dir);
      await app.app.get(ExamContentLoader).load(content.dir);
      expect((await learner.call('get', `exams/${MINI}`).expect(200)).body).toEqual(before.body);
      const attempt = await takeExam(await registerLearner(app), MINI, [{ number: 1, choice: 'C' }]);
      expect(attempt.examId).toBe(before.body.id);
    });
  });

  it('shows a write at once in lists that were stored', async () => {
    const query = 'part=5&limit=100&difficulty=1&tag=seen-at-once';
    for (const client of [learner, teacher])
      for (let time = 0; time < 2; time += 1) expect(await list(query, client)).toEqual([]);
    const second = await learner.call('get', `questions?${query}`).expect(200);
    expect(second.headers['cache-status']).toContain('hit');

    const { id } = await create({ ...SOUND, difficulty: 1, tags: ['seen-at-once'] });
    for (const client of [learner, teacher]) expect(idsOf(await list(query, client))).toEqual([id]);
    await learner.call('get', `questions/${id}`).expect(200);
    await teacher.call('patch', `questions/${id}`, { stem: 'A renewed ------- .' }).expect(200);
    for (const client of [learner, teacher]) expect((await list(query, client))[0]?.stem).toBe('A renewed ------- .');
    expect((await learner.call('get', `questions/${id}`).expect(200)).body.stem).toBe('A renewed ------- .');
    await teacher.call('delete', `questions/${id}`).expect(204);
    for (const client of [learner, teacher]) expect(await list(query, client)).toEqual([]);
    await learner.call('get', `questions/${id}`).expect(404);
  });
});

function idsOf(items: readonly { readonly id: string }[]): string[] {
  return items.map(({ id }) => id);
}

/** A cursor as a list would make it. */
function cursorOf(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function repeat<Value>(times: number, value: Value): Value[] {
  return Array.from({ length: times }, () => value);
}
