import createClient from 'openapi-fetch';
import type { paths } from '../support/api-types.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** The data of a success; the answer's problem otherwise. */
function dataOf<Data>({ data, error, response }: { data?: Data; error?: unknown; response: Response }): Data {
  if (data === undefined) throw new Error(`${response.url} answered ${response.status}: ${JSON.stringify(error)}`);
  return data;
}

describe('a client generated from the API document', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode: 'memory' });
  });
  afterAll(() => app.stop());

  it('takes a whole exam, every request and answer typed', async () => {
    const client = createClient<paths>({ baseUrl: app.url });
    const credentials = { email: `typed-${Date.now()}@example.org`, password: 'plum-kettle-94-river' };
    const tokens = dataOf(await client.POST('/api/v1/auth/register', { body: credentials }));
    client.use({
      onRequest: ({ request }) => {
        request.headers.set('Authorization', `Bearer ${tokens.accessToken}`);
        return request;
      },
    });

    const exams = dataOf(await client.GET('/api/v1/exams', { params: { query: { limit: 50 } } }));
    const mini = exams.items.find(({ slug }) => slug === 'reading-mini-1');
    expect(mini?.kind).toBe('mini');
    const exam = dataOf(await client.GET('/api/v1/exams/{id}', { params: { path: { id: 'reading-mini-1' } } }));
    const items = exam.sections.flatMap(({ parts }) => parts.flatMap(({ sets }) => sets.flatMap((set) => set.items)));
    expect(items).toHaveLength(exam.itemCount);

    const attempt = dataOf(await client.POST('/api/v1/exams/{id}/attempts', { params: { path: { id: exam.id } } }));
    const path = { id: attempt.id };
    const answers = items.map(({ number }) => ({ number, choice: 'A' as const }));
    const receipt = dataOf(
      await client.PUT('/api/v1/attempts/{id}/answers', {
        params: { path },
        body: { requestId: 'typed-1', revision: attempt.revision, answers },
      }),
    );
    expect(receipt.revision).toBe(1);

    const submitted = dataOf(await client.POST('/api/v1/attempts/{id}/submit', { params: { path } }));
    expect(submitted.status).toBe('submitted');
    const result = dataOf(await client.GET('/api/v1/attempts/{id}/result', { params: { path } }));
    const review = dataOf(await client.GET('/api/v1/attempts/{id}/review', { params: { path } }));
    expect(result.total.raw).toBe(review.items.filter(({ correct }) => correct).length);
    expect(result.total.scaled).toBeNull();

    const { response } = await client.POST('/api/v1/auth/logout');
    expect(response.status).toBe(204);
    const after = await client.GET('/api/v1/users/me');
    expect(after.error?.code).toBe('auth.session_revoked');
  });
});
