import { ExamContentLoader } from '@app/exams';
import { QuestionContentLoader } from '@app/questions';
import { ApiClient, loginAs, registerLearner } from '../support/api-client.js';
import { saveAnswers, startAttempt, takeExam } from '../support/attempts.js';
import { contentItems, type SetFile } from '../support/content-keys.js';
import { ONLY_HEARD, SECRET, writeFullForm, writeHeardForm } from '../support/synthetic-forms.js';
import { temporaryContent, type TemporaryContent } from '../support/temporary-content.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const MINI = 'reading-mini-1';
const NOWHERE = '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80';
const PART_5 = 'sets/reading-mini-1/part5.yaml';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface ItemView {
  readonly number: number;
  readonly stem: string | null;
  readonly options: readonly { readonly label: string; readonly text: string | null }[];
}
interface PartView {
  readonly part: number;
  readonly sets: readonly { readonly passages: readonly { readonly text: string }[]; readonly items: ItemView[] }[];
}
interface ExamBody {
  readonly id: string;
  readonly sections: readonly { readonly name: string; readonly parts: readonly PartView[] }[];
}

describe.each(STORE_MODES)('exams with %s stores', (mode) => {
  let content: TemporaryContent;
  let app: TestApp;
  let learner: ApiClient;

  beforeAll(async () => {
    content = await temporaryContent();
    await writeFullForm(content);
    await writeHeardForm(content, 'heard');
    app = await startTestApp({ mode, environment: { CONTENT_DIR: content.dir } });
    learner = await registerLearner(app);
  });
  afterAll(async () => {
    await app?.stop();
    await content?.remove();
  });

  const exam = async (id: string, client = learner) =>
    (await client.call('get', `exams/${id}`).expect(200)).body as ExamBody;
  const reload = async () => ({
    sets: await app.app.get(QuestionContentLoader).load(content.dir),
    forms: await app.app.get(ExamContentLoader).load(content.dir),
  });

  it('lists them by slug, page by page', async () => {
    const { body } = await learner.call('get', 'exams').expect(200);
    expect(body.nextCursor).toBeNull();
    expect(body.items.map(({ slug }: { slug: string }) => slug)).toEqual(['heard', MINI, 'synthetic-full']);
    expect(body.items[1]).toEqual({
      id: expect.stringMatching(UUID),
      slug: MINI,
      title: 'Reading Mini Test 1',
      description: expect.any(String),
      kind: 'mini',
      limitSeconds: 1800,
      itemCount: 40,
    });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await learner.call('get', `exams?limit=1${cursor && `&cursor=${cursor}`}`).expect(200);
      seen.push(...page.body.items.map(({ slug }: { slug: string }) => slug));
      cursor = page.body.nextCursor as string | null;
    }
    expect(seen).toEqual(['heard', MINI, 'synthetic-full']);
  });

  it('gives one by id and by slug, in the documented shape', async () => {
    const bySlug = await exam(MINI);
    expect(await exam(bySlug.id)).toEqual(bySlug);
    expect(await exam(bySlug.id.toUpperCase())).toEqual(bySlug);
    expect(Object.keys(bySlug).toSorted()).toEqual([
      'description',
      'id',
      'itemCount',
      'kind',
      'limitSeconds',
      'sections',
      'slug',
      'title',
    ]);
    expect(bySlug.sections).toEqual([{ name: 'reading', limitSeconds: 1800, parts: expect.any(Array) }]);
    expect(partsOf(bySlug).map(({ part }) => part)).toEqual([5, 6, 7]);
    const setShape = ['audioUrl', 'graphicAlt', 'graphicUrl', 'id', 'items', 'passages'];
    for (const part of partsOf(bySlug)) {
      expect(Object.keys(part).toSorted()).toEqual(['directions', 'part', 'sets']);
      for (const set of part.sets) {
        expect(Object.keys(set).toSorted()).toEqual(setShape);
        for (const passage of set.passages) expect(Object.keys(passage).toSorted()).toEqual(['kind', 'text', 'title']);
      }
    }
    const items = await contentItems(content.dir, MINI);
    expect(itemsOf(bySlug)).toEqual(
      items.map(({ number, stem, options }) => ({
        number,
        stem,
        options: options.map((text, index) => ({ label: 'ABCD'[index], text })),
      })),
    );
  });

  it('gives a full form as the format has it', async () => {
    const body = await exam('synthetic-full');
    expect(body).toMatchObject({ kind: 'full', limitSeconds: 7200, itemCount: 200 });
    expect(body.sections.map(({ name }) => name)).toEqual(['listening', 'reading']);
    expect(
      partsOf(body).map(({ part, sets }) => [part, sets.length, sets.flatMap(({ items }) => items).length]),
    ).toEqual([
      [1, 6, 6],
      [2, 25, 25],
      [3, 13, 39],
      [4, 10, 30],
      [5, 30, 30],
      [6, 4, 16],
      [7, 15, 54],
    ]);
    expect(itemsOf(body).map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    const heard = itemsOf(body).slice(0, 31);
    expect(heard.flatMap(({ options }) => options.map(({ text }) => text)).every((text) => text === null)).toBe(true);
    expect(heard.map(({ options }) => options.length)).toEqual([...repeat(6, 4), ...repeat(25, 3)]);
    expect(heard.every(({ stem }) => stem === null)).toBe(true);
  });

  it('numbers the blanks of Part 6 as their items', async () => {
    for (const slug of [MINI, 'synthetic-full']) {
      const part = partsOf(await exam(slug)).find((one) => one.part === 6);
      for (const { passages, items } of part?.sets ?? []) {
        const text = passages.map((passage) => passage.text).join('\n');
        const blanks = [...text.matchAll(/-------\((\d+)\)/g)].map(([, number]) => Number(number));
        expect(blanks).toEqual(items.map(({ number }) => number));
        expect(text).not.toMatch(/\{\{|\}\}/);
      }
      expect(part?.sets.length).toBeGreaterThan(0);
    }
  });

  it.each(['learner', 'teacher', 'admin'] as const)(
    'shows no answers to a %s, in no list and no exam',
    async (role) => {
      const client = await loginAs(app, role);
      const secrets = (await contentItems(content.dir, MINI)).flatMap(({ explanation, distractors }) => [
        explanation.trim(),
        ...Object.values(distractors),
      ]);
      for (const path of ['exams', `exams/${MINI}`, 'exams/heard', 'exams/synthetic-full']) {
        const { body, text } = await client.call('get', path).expect(200);
        expect([...membersOf(body)]).not.toEqual(expect.arrayContaining([expect.stringMatching(TELLING)]));
        expect(text).not.toContain(SECRET);
        expect(text).not.toContain(ONLY_HEARD);
        const strings = new Set(stringsOf(body));
        expect(secrets.filter((secret) => strings.has(secret))).toEqual([]);
      }
    },
  );

  it('shows no answers in an attempt under way', async () => {
    const candidate = await registerLearner(app);
    const attempt = await startAttempt(candidate, 'heard');
    const reply = await saveAnswers(candidate, attempt, 0, [{ number: 1, choice: 'A' }]);
    const { body: read } = await candidate.call('get', `attempts/${attempt.id}`).expect(200);
    const { body: refused } = await candidate
      .call('put', `attempts/${attempt.id}/answers`, { requestId: 'stale', revision: 0, answers: [] })
      .expect(409);
    for (const body of [attempt, reply, read, refused]) {
      expect([...membersOf(body)]).not.toEqual(expect.arrayContaining([expect.stringMatching(TELLING)]));
      expect(JSON.stringify(body)).not.toContain(SECRET);
    }
  });

  it('answers 404 for what there is not, 400 for what cannot be', async () => {
    for (const id of [NOWHERE, 'no-such-exam', 'x']) {
      const { body } = await learner.call('get', `exams/${id}`).expect(404);
      expect(body.code).toBe('exam.not_found');
    }
    for (const id of ['not%20an%20exam', 'a_b', '%00', 'a'.repeat(101), '..%2Fsecret']) {
      const { body } = await learner.call('get', `exams/${id}`).expect(400);
      expect(body.code).toBe('request.invalid');
    }
    const cursors = ['x', 'W10', 'a'.repeat(501), Buffer.from('7').toString('base64url')];
    const queries = ['limit=0', 'limit=101', 'limit=abc', 'limit=', 'page=2', ...cursors.map((one) => `cursor=${one}`)];
    for (const query of queries) {
      const { status, body } = await learner.call('get', `exams?${query}`);
      expect({ query, status, code: body.code }).toEqual({ query, status: 400, code: 'request.invalid' });
    }
    await new ApiClient(app.url).call('get', 'exams').expect(401);
    await new ApiClient(app.url).call('get', `exams/${MINI}`).expect(401);
  });

  it('answers 304 to who has it already', async () => {
    const first = await learner.call('get', `exams/${MINI}`).expect(200);
    const again = await learner.call('get', `exams/${MINI}`).set('If-None-Match', first.headers['etag'] as string);
    expect(again.status).toBe(304);
  });

  describe('loading content again', () => {
    it('changes nothing when the files are the same', async () => {
      const before = (await learner.call('get', 'exams').expect(200)).body;
      const questions = (await learner.call('get', 'questions?limit=100').expect(200)).body;
      expect(await reload()).toEqual({ sets: 0, forms: 0 });
      expect(await reload()).toEqual({ sets: 0, forms: 0 });
      expect((await learner.call('get', 'exams').expect(200)).body).toEqual(before);
      expect((await learner.call('get', 'questions?limit=100').expect(200)).body).toEqual(questions);
    });

    it('publishes a new version of what changed, at once, while attempts keep the form they began with', async () => {
      const candidate = await registerLearner(app);
      const old = await exam(MINI);
      const untouched = await exam('heard');
      const attempt = await startAttempt(candidate, MINI);
      const [before] = await contentItems(content.dir, MINI);
      await content.edit(PART_5, ({ sets }: { sets: { items: { explanation: string; key: string }[] }[] }) => {
        Object.assign(sets[0]?.items[0] as object, { explanation: 'Explained anew.' });
      });
      expect(await reload()).toEqual({ sets: 1, forms: 1 });

      const renewed = await exam(MINI);
      expect(renewed.id).not.toBe(old.id);
      expect((await exam('heard')).id).toBe(untouched.id);
      const { body: list } = await learner.call('get', 'exams').expect(200);
      expect(list.items.map(({ id }: { id: string }) => id)).toContain(renewed.id);
      expect(list.items.map(({ id }: { id: string }) => id)).not.toContain(old.id);

      expect(await exam(old.id, candidate)).toEqual(old);
      await saveAnswers(candidate, attempt, 0, [{ number: 1, choice: before?.key as string }]);
      await candidate.call('post', `attempts/${attempt.id}/submit`).expect(200);
      const review = await candidate.call('get', `attempts/${attempt.id}/review`).expect(200);
      expect(review.body.items[0]).toMatchObject({ correct: true, explanation: before?.explanation });
      const result = await candidate.call('get', `attempts/${attempt.id}/result`).expect(200);
      expect(result.body).toMatchObject({ exam: { id: old.id, slug: MINI }, total: { raw: 1 } });

      const next = await takeExam(candidate, MINI, []);
      expect(next.examId).toBe(renewed.id);
      const renewedReview = await candidate.call('get', `attempts/${next.id}/review`).expect(200);
      expect(renewedReview.body.items[0].explanation).toBe('Explained anew.');
      expect(await reload()).toEqual({ sets: 0, forms: 0 });
    });

    it('publishes one new version when two load at once', async () => {
      await content.edit(`forms/${MINI}.yaml`, (form: { title: string }) => {
        form.title = 'Reading Mini Test 1, revised';
      });
      const loads = await Promise.all([1, 2, 3].map(() => app.app.get(ExamContentLoader).load(content.dir)));
      expect(loads.reduce((sum, published) => sum + published)).toBe(1);
      const { body } = await learner.call('get', 'exams').expect(200);
      expect(body.items.map(({ title }: { title: string }) => title)).toContain('Reading Mini Test 1, revised');
    });

    it('says what is wrong with a form, and changes nothing', async () => {
      const before = (await learner.call('get', 'exams').expect(200)).body;
      await content.write('forms/broken.yaml', {
        slug: 'broken',
        title: 'Broken',
        description: 'Counts wrong.',
        kind: 'part',
        blueprint: { '5': 3 },
        sections: [
          { name: 'reading', limitSeconds: 60, parts: [{ part: 5, directions: 'x', sets: ['p5-ferry-terminal'] }] },
        ],
      });
      await expect(reload()).rejects.toThrow(/broken\.yaml[^]*part 5 has 1 items, the blueprint says 3/);
      await content.edit('forms/broken.yaml', (form: { sections: object[] }) => {
        form.sections = [{ name: 'reading', limitSeconds: 60, parts: [{ part: 5, directions: 'x', sets: ['none'] }] }];
      });
      await expect(reload()).rejects.toThrow('no such sets: none');
      await content.write('forms/broken.yaml', { slug: 'Broken' });
      await expect(reload()).rejects.toThrow(/broken\.yaml[^]*slug/);
      await content.delete('forms/broken.yaml');
      expect((await learner.call('get', 'exams').expect(200)).body).toEqual(before);
    });

    it('goes on when editors have archived or added items of a published form', async () => {
      const teacher = await loginAs(app, 'teacher');
      const old = await exam(MINI);
      const { body: ferry } = await teacher.call('get', 'questions?q=ferry&part=5').expect(200);
      const { body: added } = await teacher
        .call('post', 'questions', {
          part: 5,
          setId: ferry.items[0].setId,
          ability: 'R5',
          difficulty: 1,
          stem: 'One ------- more.',
          options: ['item', 'items', 'itemed', 'iteming'],
          key: 'A',
          explanation: 'Singular.',
          distractors: { B: 'Plural.', C: 'No word.', D: 'No word.' },
        })
        .expect(201);
      expect(await reload()).toEqual({ sets: 0, forms: 0 });
      expect(await exam(MINI)).toEqual(old);

      const { body: found } = await teacher.call('get', 'questions?q=warehouse+Gdansk').expect(200);
      const [question] = found.items as { id: string }[];
      await teacher.call('delete', `questions/${added.id}`).expect(204);
      await teacher.call('delete', `questions/${question?.id}`).expect(204);
      expect(await reload()).toEqual({ sets: 0, forms: 0 });
      expect(await exam(MINI)).toEqual(old);

      await content.edit(PART_5, ({ sets }: { sets: (SetFile & { tags: string[] })[] }) => {
        sets[0]?.tags.push('renewed');
      });
      expect(await reload()).toEqual({ sets: 1, forms: 1 });
      const { body: back } = await teacher.call('get', `questions/${question?.id}`).expect(200);
      expect(back).toMatchObject({ version: 3, archivedAt: null });
      expect(back.tags).toContain('renewed');
      expect(itemsOf(await exam(MINI))).toEqual(itemsOf(old));
    });

    it('follows a set that loses its last item, and gets it back', async () => {
      const path = 'sets/heard.yaml';
      const shorten = (by: number) =>
        content.edit(path, ({ sets }: { sets: { items: object[] }[] }) => {
          const items = sets[0]?.items as object[];
          if (by > 0) items.splice(-by);
          else items.push({ ...items[0] });
        });
      await shorten(-1);
      expect(await reload()).toEqual({ sets: 1, forms: 0 });
      expect(itemsOf(await exam('heard'))).toHaveLength(3);
      await shorten(1);
      expect((await reload()).sets).toBe(1);
      expect(itemsOf(await exam('heard'))).toHaveLength(3);
      await shorten(-1);
      expect(await reload()).toEqual({ sets: 1, forms: 0 });
      await shorten(1);
      expect((await reload()).sets).toBe(1);
      expect(itemsOf(await exam('heard'))).toHaveLength(3);
    });
  });
});

/** Names of members that would tell the answer. */
const TELLING = /key|correct|explanation|distractor|transcript|verdict|score|version/i;

function partsOf({ sections }: ExamBody): PartView[] {
  return sections.flatMap(({ parts }) => parts);
}

function itemsOf(exam: ExamBody): ItemView[] {
  return partsOf(exam).flatMap(({ sets }) => sets.flatMap(({ items }) => items));
}

function* membersOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value)) yield name;
    yield* membersOf(member);
  }
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value.trim()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

function repeat(times: number, value: number): number[] {
  return Array.from({ length: times }, () => value);
}
