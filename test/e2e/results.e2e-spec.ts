import { type ApiClient, registerLearner } from '../support/api-client.js';
import { type AttemptBody, saveAnswers, saveOf, startAttempt, takeExam } from '../support/attempts.js';
import { contentItems, type ContentItem, wrongChoice } from '../support/content-keys.js';
import { writeFullForm, writeHeardForm } from '../support/synthetic-forms.js';
import { temporaryContent, type TemporaryContent } from '../support/temporary-content.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const MINI = 'reading-mini-1';

interface Share {
  readonly correct: number;
  readonly total: number;
}

describe.each(STORE_MODES)('results with %s stores', (mode) => {
  let content: TemporaryContent;
  let app: TestApp;
  let learner: ApiClient;
  let mini: ContentItem[];
  let full: ContentItem[];

  beforeAll(async () => {
    content = await temporaryContent();
    await writeFullForm(content);
    await writeHeardForm(content, 'heard');
    mini = await contentItems(content.dir, MINI);
    full = await contentItems(content.dir, 'synthetic-full');
    app = await startTestApp({ mode, environment: { CONTENT_DIR: content.dir } });
  });
  afterAll(async () => {
    await app?.stop();
    await content?.remove();
  });
  beforeEach(async () => {
    learner = await registerLearner(app);
  });

  const resultOf = async ({ id }: AttemptBody) => (await learner.call('get', `attempts/${id}/result`).expect(200)).body;
  const reviewOf = async ({ id }: AttemptBody) =>
    (await learner.call('get', `attempts/${id}/review`).expect(200)).body.items;

  describe('of the mini form', () => {
    it('are full marks for all keys', async () => {
      const attempt = await takeExam(learner, MINI, right(mini));
      expect(await resultOf(attempt)).toEqual({
        attemptId: attempt.id,
        exam: { id: attempt.examId, slug: MINI, title: 'Reading Mini Test 1', kind: 'mini' },
        estimated: true,
        parts: [
          { part: 5, correct: 12, total: 12 },
          { part: 6, correct: 8, total: 8 },
          { part: 7, correct: 20, total: 20 },
        ],
        abilities: abilitiesOf(mini, () => true),
        sections: [{ name: 'reading', raw: 40, total: 40, scaled: null, band: null, cefr: null }],
        total: { raw: 40, scaled: null, band: null },
        scale: null,
      });
    });

    it.each([
      ['nothing', () => []],
      ['everything wrong', () => wrong(mini)],
    ])('are zero for %s', async (_, answers) => {
      const result = await resultOf(await takeExam(learner, MINI, answers()));
      expect(result).toMatchObject({
        parts: [
          { part: 5, correct: 0, total: 12 },
          { part: 6, correct: 0, total: 8 },
          { part: 7, correct: 0, total: 20 },
        ],
        abilities: abilitiesOf(mini, () => false),
        sections: [{ name: 'reading', raw: 0, total: 40, scaled: null }],
        total: { raw: 0, scaled: null, band: null },
      });
    });

    it('count by part and by ability what is right', async () => {
      const answers = [...right(mini.filter(isThird)), ...wrong(mini.filter((item) => item.number % 3 === 1))];
      const result = await resultOf(await takeExam(learner, MINI, answers));
      // Of 1-12, 13-20 and 21-40 these are the multiples of 3.
      expect(result.parts).toEqual([
        { part: 5, correct: 4, total: 12 },
        { part: 6, correct: 2, total: 8 },
        { part: 7, correct: 7, total: 20 },
      ]);
      expect(result.abilities).toEqual(abilitiesOf(mini, isThird));
      expect(result.total.raw).toBe(13);
    });

    it('come with the review of every number', async () => {
      const attempt = await startAttempt(learner, MINI);
      await saveAnswers(learner, attempt, 0, [
        { number: 1, choice: mini[0]?.key as string, elapsedMs: 4_000 },
        { number: 2, choice: wrongChoice(mini[1] as ContentItem), elapsedMs: 900 },
        { number: 3, choice: 'A', elapsedMs: 100 },
      ]);
      await saveAnswers(learner, attempt, 1, [
        { number: 1, choice: mini[0]?.key as string, elapsedMs: 5_000 },
        { number: 3, choice: null, elapsedMs: 200 },
      ]);
      await learner.call('post', `attempts/${attempt.id}/submit`).expect(200);
      const given = new Map([
        [1, { choice: mini[0]?.key, correct: true, elapsedMs: 5_000 }],
        [2, { choice: wrongChoice(mini[1] as ContentItem), correct: false, elapsedMs: 900 }],
        [3, { choice: null, correct: false, elapsedMs: 200 }],
      ]);
      const none = { choice: null, correct: false, elapsedMs: null };
      expect(await reviewOf(attempt)).toEqual(
        mini.map((item) => ({ ...reviewed(item), ...none, ...given.get(item.number) })),
      );
    });

    it('stay the same each time they are read', async () => {
      const attempt = await takeExam(learner, MINI, right(mini.slice(0, 7)));
      const [result, review] = [await resultOf(attempt), await reviewOf(attempt)];
      expect(await resultOf(attempt)).toEqual(result);
      expect(await reviewOf(attempt)).toEqual(review);
    });
  });

  it('reveal after the end what was only heard', async () => {
    const heard = await contentItems(content.dir, 'heard');
    const attempt = await takeExam(learner, 'heard', right(heard));
    const items = await reviewOf(attempt);
    expect(items).toEqual(
      heard.map((item) => ({ ...reviewed(item), choice: item.key, correct: true, elapsedMs: null })),
    );
    expect(items.map(({ options }: { options: unknown[] }) => options.length)).toEqual([4, 3, 3]);
    expect(await resultOf(attempt)).toMatchObject({
      exam: { kind: 'part' },
      total: { raw: 3, scaled: null },
      scale: null,
    });
  });

  describe('of a full form', () => {
    // Worked out by hand from the anchors of `estimated` version 1: linear in between, to the nearest 5, halves up.
    const SCORES = [
      // Both ends.
      {
        raw: [100, 100],
        scaled: [495, 495],
        cefr: ['C1', 'C1'],
        total: 990,
        band: [955, 990],
        bands: [470, 495, 470, 495],
      },
      { raw: [0, 0], scaled: [5, 5], cefr: [null, null], total: 10, band: [10, 45], bands: [5, 30, 5, 30] },
      // On anchors.
      {
        raw: [95, 90],
        scaled: [470, 430],
        cefr: ['B2', 'B2'],
        total: 900,
        band: [865, 935],
        bands: [445, 495, 405, 455],
      },
      // 412.5 and 402.5.
      {
        raw: [85, 85],
        scaled: [415, 405],
        cefr: ['B2', 'B2'],
        total: 820,
        band: [785, 855],
        bands: [390, 440, 380, 430],
      },
      // 192.5, and 460 + 2/5 of 35 = 474.
      {
        raw: [45, 97],
        scaled: [195, 475],
        cefr: ['A2', 'C1'],
        total: 670,
        band: [635, 705],
        bands: [170, 220, 450, 495],
      },
      // 470 + 2/5 of 25 = 480, and 95 + 3/10 of 50 = 110.
      {
        raw: [97, 33],
        scaled: [480, 110],
        cefr: ['B2', 'A1'],
        total: 590,
        band: [555, 625],
        bands: [455, 495, 85, 135],
      },
      // 5 + 12/20 of 55 = 38, and 375 + 2/10 of 55 = 386.
      { raw: [12, 82], scaled: [40, 385], cefr: [null, 'B2'], total: 425, band: [390, 460], bands: [15, 65, 360, 410] },
      // 385 + 3/10 of 55 = 401.5, and 200 + 1/10 of 60 = 206.
      {
        raw: [83, 51],
        scaled: [400, 205],
        cefr: ['B2', 'A2'],
        total: 605,
        band: [570, 640],
        bands: [375, 425, 180, 230],
      },
    ] as const;

    it.each(SCORES)('of $raw right are $scaled', async ({ raw, scaled, cefr, total, band, bands }) => {
      const [listening, reading] = [full.slice(0, 100), full.slice(100)];
      const attempt = await takeExam(learner, 'synthetic-full', [
        ...right(listening.slice(0, raw[0])),
        ...wrong(listening.slice(raw[0])),
        ...right(reading.slice(100 - raw[1])),
      ]);
      expect(await resultOf(attempt)).toMatchObject({
        estimated: true,
        exam: { kind: 'full' },
        sections: [
          {
            name: 'listening',
            raw: raw[0],
            total: 100,
            scaled: scaled[0],
            band: { low: bands[0], high: bands[1] },
            cefr: cefr[0],
          },
          {
            name: 'reading',
            raw: raw[1],
            total: 100,
            scaled: scaled[1],
            band: { low: bands[2], high: bands[3] },
            cefr: cefr[1],
          },
        ],
        total: { raw: raw[0] + raw[1], scaled: total, band: { low: band[0], high: band[1] } },
        scale: { id: 'estimated', version: 1 },
      });
    });

    it('have every part and ability, and the review every one of 200 numbers', async () => {
      const attempt = await takeExam(learner, 'synthetic-full', right(full));
      const { parts, abilities } = await resultOf(attempt);
      const totals = [6, 25, 39, 30, 30, 16, 54];
      expect(parts).toEqual(totals.map((count, index) => ({ part: index + 1, correct: count, total: count })));
      expect(abilities).toEqual(abilitiesOf(full, () => true));
      expect(abilities).toHaveLength(10);
      const items = await reviewOf(attempt);
      expect(items).toEqual(
        full.map((item) => ({ ...reviewed(item), choice: item.key, correct: true, elapsedMs: null })),
      );
      expect(items.map(({ number }: { number: number }) => number)).toEqual(
        Array.from({ length: 200 }, (_, i) => i + 1),
      );
    });
  });

  it('of a full form are there for 20 learners who submit together over two connections', async () => {
    const narrow = await startTestApp({
      mode,
      environment: { CONTENT_DIR: content.dir, DB_POOL_MAX: '2', DB_ACQUIRE_TIMEOUT: '10s' },
      beside: app,
    });
    try {
      const learners = await Promise.all(Array.from({ length: 20 }, () => registerLearner(narrow)));
      const attempts = await Promise.all(learners.map((one) => startAttempt(one, 'synthetic-full')));
      const replies = await Promise.all(
        learners.map((one, index) =>
          one.call('post', `attempts/${attempts[index]?.id}/submit`, saveOf(0, right(full))),
        ),
      );
      expect(replies.filter(({ status }) => status !== 200).map(({ body }) => body)).toEqual([]);
    } finally {
      await narrow.stop();
    }
  });

  describe('progress', () => {
    it('is empty at first', async () => {
      const { body } = await learner.call('get', 'progress').expect(200);
      expect(body).toEqual({ attempts: 0, parts: [], abilities: [], history: [] });
    });

    it('adds up the attempts that are over, newest first', async () => {
      const first = await takeExam(learner, MINI, right(mini.slice(0, 12)));
      const second = await takeExam(learner, 'synthetic-full', right(full.slice(0, 100)));
      const third = await takeExam(learner, MINI, right(mini));
      await startAttempt(learner, MINI);
      const { body } = await learner.call('get', 'progress').expect(200);
      expect(body.attempts).toBe(3);
      expect(body.history.map(({ attemptId }: { attemptId: string }) => attemptId)).toEqual([
        third.id,
        second.id,
        first.id,
      ]);
      expect(body.history).toMatchObject([
        { exam: { slug: MINI, kind: 'mini' }, finishedAt: third.finishedAt, correct: 40, total: 40, scaled: null },
        { exam: { slug: 'synthetic-full' }, correct: 100, total: 200, scaled: 500 },
        { exam: { slug: MINI, title: 'Reading Mini Test 1' }, correct: 12, total: 40, scaled: null },
      ]);
      expect(body.parts).toEqual([
        { part: 1, correct: 6, total: 6 },
        { part: 2, correct: 25, total: 25 },
        { part: 3, correct: 39, total: 39 },
        { part: 4, correct: 30, total: 30 },
        { part: 5, correct: 24, total: 54 },
        { part: 6, correct: 8, total: 32 },
        { part: 7, correct: 20, total: 94 },
      ]);
      const taken: [ContentItem[], (item: ContentItem) => boolean][] = [
        [mini, ({ number }) => number <= 12],
        [full, ({ number }) => number <= 100],
        [mini, () => true],
      ];
      const seen = taken.flatMap(([items, isRight]) => items.map((item) => ({ ...item, isRight: isRight(item) })));
      expect(body.abilities).toEqual(abilitiesOf(seen, ({ isRight }) => isRight));
    });

    it('is one’s own', async () => {
      await takeExam(await registerLearner(app), MINI, right(mini));
      expect((await learner.call('get', 'progress').expect(200)).body.attempts).toBe(0);
    });
  });

  describe('the list of attempts', () => {
    it('comes newest first, page by page, also while another one is started', async () => {
      const ids: string[] = [];
      for (let count = 0; count < 5; count += 1) ids.unshift((await takeExam(learner, MINI, [])).id);
      const { body: first } = await learner.call('get', 'attempts?limit=2').expect(200);
      ids.unshift((await startAttempt(learner, MINI)).id);
      const { body: second } = await learner.call('get', `attempts?limit=2&cursor=${first.nextCursor}`).expect(200);
      const { body: third } = await learner.call('get', `attempts?limit=2&cursor=${second.nextCursor}`).expect(200);
      const seen = [first, second, third].flatMap(({ items }) => items.map(({ id }: { id: string }) => id));
      expect(seen).toEqual(ids.slice(1));
      expect(third.nextCursor).toBeNull();
      const { body: all } = await learner.call('get', 'attempts').expect(200);
      expect(all.items.map(({ id }: { id: string }) => id)).toEqual(ids);
      expect(all.items[0]).toMatchObject({ status: 'in_progress', finishedAt: null });
      expect(all.items[1]).toMatchObject({ status: 'submitted' });
    });

    it('refuses what is not a page', async () => {
      const cursors = ['x', 'bnVsbA', Buffer.from('"reading-mini-1"').toString('base64url'), 'a'.repeat(501)];
      const queries = [
        'limit=0',
        'limit=101',
        'limit=abc',
        'limit=1&limit=2',
        'other=1',
        ...cursors.map((c) => `cursor=${c}`),
      ];
      for (const query of queries) {
        const { status, body } = await learner.call('get', `attempts?${query}`);
        expect({ query, status, code: body.code }).toEqual({ query, status: 400, code: 'request.invalid' });
      }
    });
  });

  it('of a submission with all 200 answers are there at once', async () => {
    const attempt = await startAttempt(learner, 'synthetic-full');
    const { body } = await learner.call('post', `attempts/${attempt.id}/submit`, saveOf(0, right(full))).expect(200);
    expect(body.answers).toHaveLength(200);
    expect((await resultOf(attempt)).total).toEqual({ raw: 200, scaled: 990, band: { low: 955, high: 990 } });
  });
});

function isThird({ number }: ContentItem): boolean {
  return number % 3 === 0;
}

function right(items: readonly ContentItem[]) {
  return items.map(({ number, key }) => ({ number, choice: key }));
}

function wrong(items: readonly ContentItem[]) {
  return items.map((item) => ({ number: item.number, choice: wrongChoice(item) }));
}

/** What the review shows of an item whatever was answered. */
function reviewed({ number, key, explanation, distractors, transcript, stem, options, ability }: ContentItem) {
  return {
    number,
    key,
    explanation,
    distractors,
    transcript,
    stem,
    options: options.map((text, index) => ({ label: 'ABCD'[index], text })),
    ability,
  };
}

function abilitiesOf<Item extends ContentItem>(items: readonly Item[], isRight: (item: Item) => boolean) {
  return [...Map.groupBy(items, ({ ability }) => ability)]
    .map(([ability, members]): Share & { ability: string } => ({
      ability,
      correct: members.filter(isRight).length,
      total: members.length,
    }))
    .toSorted((a, b) => a.ability.localeCompare(b.ability));
}
