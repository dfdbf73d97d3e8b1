import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';
import { registerAs, registerLearner, type ApiClient, type Tokens } from '../support/api-client.js';
import { API_DOCUMENT_PATH, apiOperations, type ApiOperation } from '../support/api-operations.js';
import { DocumentedAnswers } from '../support/hostile/documented-answer.js';
import { wrongAtEveryMember } from '../support/hostile/body-mutations.js';
import { hostileRequest, rightPath, validBody, type KnownRight } from '../support/hostile/hostile-request.js';
import { sendRaw, type RawRequest } from '../support/hostile/send.js';
import { startTestApp, STORE_MODES, type TestApp } from '../support/test-app.js';

const SEED = Number(process.env['HOSTILE_SEED'] ?? 20261122);
const CALLERS = ['nobody', 'learner', 'teacher', 'admin'] as const;
const FIRST_ITEM = 101;
const RUNS = { memory: 60, redis: 8 } as const;

const document = JSON.parse(readFileSync(API_DOCUMENT_PATH, 'utf8')) as OpenAPIObject;
const answers = new DocumentedAnswers(document);
const operations = apiOperations(document).map(
  (operation) => [`${operation.method.toUpperCase()} ${operation.path}`, operation] as const,
);

const withBody = operations.filter(([, { operation }]) => operation.requestBody !== undefined);

/** Operations that may end the sessions of their callers get callers of their own. */
const MAY_END_SESSIONS = /auth|sessions|users|keys/;

async function staffOf(app: TestApp) {
  return { teacher: (await registerAs(app, 'teacher')).tokens, admin: (await registerAs(app, 'admin')).tokens };
}

describe.each(STORE_MODES)('hostile input with %s stores', (mode) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode, environment: { TRUSTED_PROXIES: '127.0.0.1' } });
  });
  afterAll(() => app.stop());

  let staff: ReturnType<typeof staffOf> | undefined;

  it.each(operations)('is refused by %s without a fault', async (_, operation) => {
    const learner = await registerLearner(app);
    const own = MAY_END_SESSIONS.test(operation.path);
    const callers = {
      nobody: undefined,
      learner: learner.tokens,
      ...(await (own ? staffOf(app) : (staff ??= staffOf(app)))),
    };
    const known = await whatExists(learner);
    const request = hostileRequest(document, operation, known);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...CALLERS), request, (caller, hostile) =>
        expectNoFault(app, operation, asCaller(callers[caller], hostile)),
      ),
      { seed: SEED, numRuns: RUNS[mode], endOnFailure: true },
    );
  });

  it.each(mode === 'memory' ? withBody : withBody.slice(0, 1))(
    'is refused at every member of the body of %s',
    async (_, operation) => {
      const learner = await registerLearner(app);
      const known = await whatExists(learner);
      const caller = operation.path.startsWith('/api/v1/questions') ? await registerAs(app, 'teacher') : learner;
      for (const body of wrongAtEveryMember(validBody(document, operation, known))) {
        const headers = { 'content-type': 'application/json' };
        const target = rightPath(operation.path, known);
        const request = { method: operation.method.toUpperCase(), target, headers, body };
        await expectNoFault(app, operation, asCaller(caller.tokens, request));
      }
    },
  );
});

/** Sends a request and measures the answer by the document. */
async function expectNoFault(app: TestApp, operation: ApiOperation, request: RawRequest): Promise<void> {
  const response = await sendRaw(app.url, request);
  const fault = answers.faultOf(operation, response);
  if (fault !== undefined) throw new Error(`${fault}\n${response.status} ${response.body.toString('utf8')}`);
}

function asCaller(tokens: Tokens | undefined, request: RawRequest): RawRequest {
  if (tokens === undefined) return request;
  return { ...request, headers: { authorization: `Bearer ${tokens.accessToken}`, ...request.headers } };
}

/** Ids and bodies that are right, so that what is wrong elsewhere gets far. */
async function whatExists(learner: ApiClient & { readonly tokens: Tokens }): Promise<KnownRight> {
  const { body: exams } = await learner.call('get', 'exams').expect(200);
  const { body: questions } = await learner.call('get', 'questions?limit=1').expect(200);
  const [exam] = (exams as List).items;
  const { body: attempt } = await learner.call('post', `exams/${exam?.id}/attempts`).expect(201);
  const save = { requestId: 'hostile-1', revision: 0, answers: [{ number: FIRST_ITEM, choice: 'A', elapsedMs: 1 }] };
  return {
    ids: {
      exams: exam?.id,
      attempts: (attempt as Item).id,
      questions: (questions as List).items[0]?.id,
      sessions: learner.tokens.session.id,
    },
    bodies: { SaveBody: save, Refresh: { refreshToken: learner.tokens.refreshToken } },
  };
}

interface Item {
  readonly id: string;
}
interface List {
  readonly items: readonly Item[];
}
