import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { API_DOCUMENT_PATH, apiOperations } from '../support/api-operations.js';
import { lintApiDocument } from '../support/redocly.js';
import { routesOf, type Route } from '../support/routes.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** Everything nobody needs a token for. */
const PUBLIC = [
  'GET /.well-known/jwks.json',
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'POST /api/v1/auth/email/verify',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/login/second-factor',
  'POST /api/v1/auth/passkeys/challenge',
  'POST /api/v1/auth/passkeys/login',
  'POST /api/v1/auth/password/forgot',
  'POST /api/v1/auth/password/reset',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/register',
  'POST /api/v1/auth/revoke',
];

/** Routes that are not JSON for front ends, by how they begin. Of `/media/*` the tree prints only the wildcard. */
const UNDOCUMENTED = ['/docs', '*', '/metrics'];

const committed = JSON.parse(readFileSync(API_DOCUMENT_PATH, 'utf8')) as OpenAPIObject;
const operations = apiOperations(committed);
const nameOf = ({ method, path }: Route) => `${method.toUpperCase()} ${path}`;

describe('the API document', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode: 'memory' });
  });
  afterAll(() => app.stop());

  const get = (path: string) => fetch(new URL(path, app.url));

  it('is committed as it is served (run npm run openapi)', async () => {
    const response = await get('/docs-json');
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toEqual(committed);
  });

  it('passes redocly lint', () => {
    expect(lintApiDocument(API_DOCUMENT_PATH)).toBe('');
  });

  it('is what the committed client types are made from (run npm run openapi)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mockingbird-api-types-'));
    const made = join(folder, 'api-types.ts');
    execFileSync(process.execPath, ['scripts/write-api-types.mjs', made]);
    const [types, committedTypes] = [made, 'test/support/api-types.ts'].map((path) => readFileSync(path, 'utf8'));
    rmSync(folder, { recursive: true });
    expect(types === committedTypes).toBe(true);
  });

  it('has every route, and no other', () => {
    const routes = routesOf(app.app)
      .filter(({ path }) => !UNDOCUMENTED.some((start) => path.startsWith(start)))
      .map(nameOf);
    expect(routes.toSorted()).toEqual(operations.map(nameOf).toSorted());
  });

  it('lists as public what is on the list of this test', () => {
    const open = operations.filter(({ operation }) => operation.security?.length === 0);
    expect(open.map(nameOf).toSorted()).toEqual(PUBLIC);
  });

  const guarded = operations.filter((operation) => !PUBLIC.includes(nameOf(operation)));

  it.each(guarded.map((operation) => [nameOf(operation), operation]))('guards %s', async (_, { method, path }) => {
    const url = new URL(path.replaceAll(/\{\w+\}/g, '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80'), app.url);
    const response = await fetch(url, { method: method.toUpperCase() });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'auth.token_missing' });
  });

  it.each(operations.map((operation) => [nameOf(operation), operation]))(
    'shows an example of everything that %s takes and answers',
    (_, { operation }) => {
      const body = operation.requestBody as { content: Record<string, { schema: unknown }> } | undefined;
      const answers = Object.values(operation.responses) as { content?: Record<string, { schema: unknown }> }[];
      const json = [body, ...answers].flatMap((message) => message?.content?.['application/json'] ?? []);
      for (const { schema } of json) expect(exampleOf(schema)).toBeDefined();
    },
  );

  it('is shown by Swagger UI at /docs', async () => {
    const page = await get('/docs');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<title>Mockingbird API</title>');
    for (const asset of ['swagger-ui-bundle.js', 'swagger-ui-init.js', 'swagger-ui.css']) {
      const response = await get(`/docs/${asset}`);
      expect(response.status).toBe(200);
      expect(await response.text()).not.toBe('');
    }
  });
});

function exampleOf(schema: unknown): unknown {
  const { $ref = '' } = schema as { $ref?: string };
  const named = committed.components?.schemas?.[$ref.replace('#/components/schemas/', '')];
  return (named as { example?: unknown } | undefined)?.example;
}
