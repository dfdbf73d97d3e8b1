import { namedSchemas, PROBLEM_MEDIA_TYPE, problemSchema, PUBLIC_OPERATION, referenceTo } from '@app/http';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

const TAGS: Readonly<Record<string, string>> = {
  auth: 'Registering, logging in and out, renewing tokens.',
  users: 'Accounts.',
  sessions: 'Where an account is logged in.',
  questions: 'The question bank.',
  exams: 'Published exams.',
  attempts: 'Taking an exam: saving, submitting, results, review.',
  progress: 'What a learner has achieved.',
  operations: 'Health.',
};

/** What every route may answer beside its own problems. */
const COMMON: Readonly<Record<number, string>> = {
  400: '`request.invalid` or `request.malformed`: `errors` names the members.',
  429: '`rate_limit.exceeded`: try again after `Retry-After` seconds.',
  503: 'A dependency is busy or being restored: try again after `Retry-After` seconds.',
};
const GUARDED: Readonly<Record<number, string>> = {
  401: '`auth.token_missing`, `auth.token_invalid`, `auth.token_expired` or `auth.session_revoked`.',
  403: '`auth.role_required`',
};

/** The API as an OpenAPI 3.0 document; `docs/openapi.json` is this. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Mockingbird')
    .setDescription(
      'Practice tests in the TOEIC® Listening & Reading format. TOEIC is a registered trademark of ETS; this product is not endorsed or approved by ETS. Errors are RFC 9457 problem details with a stable `code`.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'accessToken')
    .addSecurityRequirements('accessToken');
  for (const [tag, description] of Object.entries(TAGS)) builder.addTag(tag, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (controller, method) =>
      `${controller.replace(/Controller$/, '').replace(/^./, (c) => c.toLowerCase())}_${method}`,
  });
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...namedSchemas() },
  };
  for (const operation of operationsOf(document)) completeProblems(operation);
  return document;
}

/** Swagger UI at `/docs`, the document at `/docs-json`. */
export function serveDocumentation(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'Mockingbird API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
  });
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

function operationsOf({ paths }: OpenAPIObject): Operation[] {
  return Object.values(paths).flatMap(({ get, put, post, patch, delete: remove }) =>
    [get, put, post, patch, remove].filter((operation) => operation !== undefined),
  );
}

/** Adds the problems every route shares, and takes the token requirement off public ones. */
function completeProblems(operation: Operation): void {
  const marked = operation as Operation & Record<typeof PUBLIC_OPERATION, unknown>;
  const isPublic = marked[PUBLIC_OPERATION] === true;
  delete marked[PUBLIC_OPERATION];
  if (isPublic) operation.security = [];
  for (const [status, description] of Object.entries({ ...COMMON, ...(isPublic ? {} : GUARDED) })) {
    operation.responses[status] ??= {
      description,
      content: { [PROBLEM_MEDIA_TYPE]: { schema: referenceTo(problemSchema) } },
    };
  }
}
