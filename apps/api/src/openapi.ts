import { inputSchema, namedSchemas } from '@app/http';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { GUIDE, TAGS } from './openapi-guide.js';
import { HEADERS } from './openapi-headers.js';
import { PROBLEMS } from './openapi-problems.js';
import { completeOperation, type Operation } from './openapi-operation.js';

type Paths = OpenAPIObject['paths'];
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** The API as an OpenAPI 3.0 document; `docs/openapi.json` is this. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, frame(), {
    operationIdFactory: operationId,
    standardSchemaConverter: inputSchema,
  });
  for (const operation of operationsOf(document.paths)) completeOperation(operation);
  const paths = inOrderOfTags(document.paths);
  const shared = { headers: HEADERS, responses: PROBLEMS };
  const schemas = { ...namedSchemas(), ...document.components?.schemas };
  const components = { ...document.components, ...shared, schemas: used(schemas, { paths, shared }) };
  return { ...document, paths, components };
}

/** Swagger UI at `/docs`, the document at `/docs-json`. */
export function serveDocumentation(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    customSiteTitle: 'Mockingbird API',
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      validatorUrl: null,
    },
  });
}

function frame() {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.0.3')
    .setTitle('Mockingbird')
    .setDescription(GUIDE)
    .setVersion('1')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'accessToken')
    .addSecurityRequirements('accessToken');
  for (const [tag, description] of Object.entries(TAGS)) builder.addTag(tag, description);
  return builder.build();
}

/** `AttemptsController.save` as `attemptsSave`; an underscore would be a blank in Swagger UI's links. */
function operationId(controller: string, method: string): string {
  const resource = controller.replace(/Controller$/, '');
  return `${resource.charAt(0).toLowerCase()}${resource.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

function operationsOf(paths: Paths): Operation[] {
  return Object.values(paths).flatMap(({ get, put, post, patch, delete: remove }) =>
    [get, put, post, patch, remove].filter((operation) => operation !== undefined),
  );
}

function inOrderOfTags(paths: Paths): Paths {
  const tags = Object.keys(TAGS);
  const place = (item: Paths[string]) => tags.indexOf(operationsOf({ item })[0]?.tags?.[0] ?? '');
  return Object.fromEntries(Object.entries(paths).toSorted(([, one], [, other]) => place(one) - place(other)));
}

/** Schemas that something refers to, by name: others were registered by code that the routes do not use. */
function used(schemas: Schemas, users: object): Schemas {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(schemas[name] ?? {});
    }
  };
  visit(users);
  return Object.fromEntries(
    Object.entries(schemas)
      .filter(([name]) => found.has(name))
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );
}
