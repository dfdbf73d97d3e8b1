import { contentItems } from '../support/content-keys.js';
import { registerLearner } from '../support/api-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface ExamSet {
  readonly audioUrl: string | null;
  readonly graphicUrl: string | null;
  readonly graphicAlt: string | null;
}
interface ExamPart {
  readonly part: number;
  readonly sets: readonly ExamSet[];
}
interface ExamBody {
  readonly itemCount: number;
  readonly sections: readonly { readonly name: string; readonly parts: readonly ExamPart[] }[];
}

describe('the full practice test', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode: 'memory', environment: { CONTENT_DIR: 'content' } });
  });
  afterAll(() => app?.stop());

  it('is there with the mini tests and the part practice', async () => {
    const learner = await registerLearner(app);
    const { body } = await learner.call('get', 'exams').expect(200);
    const slugs = (body as { items: { slug: string }[] }).items.map(({ slug }) => slug);
    expect(slugs).toEqual(expect.arrayContaining(['full-1', 'mini-1', 'mini-2', 'part-5-practice', 'reading-mini-1']));
  });

  it('has a recording for every listening set, playable from anywhere in it, and every graphic with its alt text', async () => {
    const learner = await registerLearner(app);
    const exam = (await learner.call('get', 'exams/full-1').expect(200)).body as ExamBody;
    expect(exam.itemCount).toBe(200);
    const listening = exam.sections.filter(({ name }) => name === 'listening').flatMap(({ parts }) => parts);
    const sets = listening.flatMap((part) => part.sets);
    for (const { audioUrl } of sets) {
      const response = await fetch(new URL(audioUrl as string, app.url), { headers: { range: 'bytes=100-199' } });
      expect(response.status).toBe(206);
      expect(response.headers.get('content-type')).toBe('audio/mpeg');
      expect((await response.arrayBuffer()).byteLength).toBe(100);
    }
    const everySet = exam.sections.flatMap(({ parts }) => parts).flatMap((part) => part.sets);
    const pictured = everySet.filter(({ graphicUrl }) => graphicUrl !== null);
    expect(pictured.length).toBeGreaterThanOrEqual(14);
    for (const { graphicUrl, graphicAlt } of pictured) {
      expect(graphicAlt).toEqual(expect.stringMatching(/\w{3}/));
      expect((await fetch(new URL(graphicUrl as string, app.url))).headers.get('content-type')).toBe('image/png');
    }
  });

  it('gives a new learner who answers everything right the highest scores, and a review with timed transcripts', async () => {
    const learner = await registerLearner(app);
    const items = await contentItems('content', 'full-1');
    expect(items).toHaveLength(200);
    const { body: attempt } = await learner.call('post', 'exams/full-1/attempts').expect(201);
    const { id } = attempt as { id: string };
    const answers = items.map(({ number, key }) => ({ number, choice: key }));
    await learner.call('post', `attempts/${id}/submit`, { requestId: 'all', revision: 0, answers }).expect(200);

    const { body: result } = await learner.call('get', `attempts/${id}/result`).expect(200);
    expect(result).toMatchObject({
      sections: [
        { name: 'listening', raw: 100, total: 100, scaled: 495, cefr: 'C1' },
        { name: 'reading', raw: 100, total: 100, scaled: 495, cefr: 'C1' },
      ],
      total: { raw: 200, scaled: 990, band: { low: 955, high: 990 } },
      scale: { id: 'estimated', version: 1 },
    });
    const { body } = await learner.call('get', `attempts/${id}/review`).expect(200);
    const review = body as { items: { transcript: { startMs?: number; endMs?: number }[] | null; correct: boolean }[] };
    expect(review.items.every(({ correct }) => correct)).toBe(true);
    const lines = review.items.slice(0, 100).flatMap(({ transcript }) => transcript ?? []);
    expect(lines.length).toBeGreaterThan(300);
    expect(lines.every(({ startMs = 0, endMs = 0 }) => endMs > startMs)).toBe(true);
  });
});
