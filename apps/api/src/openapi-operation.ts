import { CSV_MEDIA_TYPE, OPERATION_MARKS } from '@app/http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { headersOf, IF_NONE_MATCH, type HeaderName } from './openapi-headers.js';
import { PROBLEM_STATUS, PROBLEMS } from './openapi-problems.js';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Response = Exclude<Operation['responses'][string], { $ref: string } | undefined>;

/** Adds what routes share (problems, headers, 304) as their decorators' marks say, and takes the marks out. */
export function completeOperation(operation: Operation): void {
  const marks = takeMarks(operation);
  if (marks.public === true) operation.security = [];
  if (Array.isArray(marks.roles)) mentionRoles(operation, marks.roles as readonly string[]);
  if (marks.optionalBody === true && operation.requestBody !== undefined) {
    operation.requestBody = { ...operation.requestBody, required: false };
  }
  for (const parameter of operation.parameters ?? []) sayOnce(parameter);
  if (marks.cached === true) {
    operation.parameters = [...(operation.parameters ?? []), IF_NONE_MATCH];
    operation.responses['304'] = { description: 'Your copy is current.' };
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    completeResponse(Number(status), response as Response, marks);
  }
  for (const name of sharedProblems(operation, marks)) {
    operation.responses[PROBLEM_STATUS[name]] ??= { $ref: `#/components/responses/${name}` };
  }
}

type Marks = Readonly<Partial<Record<keyof typeof OPERATION_MARKS, unknown>>>;

function takeMarks(operation: Operation): Marks {
  const extended = operation as Operation & Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(OPERATION_MARKS).map(([name, extension]) => {
      const value = extended[extension];
      delete extended[extension];
      return [name, value];
    }),
  );
}

/** A parameter's description stands beside its schema, not in it too. */
function sayOnce(parameter: NonNullable<Operation['parameters']>[number]): void {
  if ('schema' in parameter && parameter.schema !== undefined && 'description' in parameter.schema) {
    delete parameter.schema.description;
  }
}

function mentionRoles(operation: Operation, roles: readonly string[]): void {
  const needed = `Needs the role ${roles.map((role) => `\`${role}\``).join(' or ')}.`;
  operation.description = operation.description === undefined ? needed : `${operation.description} ${needed}`;
}

/** The problems every route has, as far as they can happen to this one. */
function sharedProblems({ requestBody }: Operation, marks: Marks): (keyof typeof PROBLEMS)[] {
  return [
    'Malformed',
    ...(marks.public === true ? [] : (['Unauthenticated'] as const)),
    ...(marks.roles === undefined ? [] : (['Forbidden'] as const)),
    ...(requestBody === undefined ? [] : (['TooLarge', 'UnsupportedMediaType'] as const)),
    ...(marks.unlimited === true ? [] : (['TooManyRequests'] as const)),
    'Unavailable',
  ];
}

function completeResponse(status: number, response: Response, marks: Marks): void {
  const isCopy = marks.cached === true && (status === 200 || status === 304);
  const names: HeaderName[] = [
    'X-Request-Id',
    ...(isCopy ? (['ETag', 'Age', 'Cache-Status'] as const) : []),
    ...(marks.unlimited === true || status >= 400 ? [] : (['RateLimit', 'RateLimit-Policy'] as const)),
    ...(response.content?.[CSV_MEDIA_TYPE] === undefined ? [] : (['Content-Disposition'] as const)),
    ...(status === 401 ? (['WWW-Authenticate'] as const) : []),
    ...(status === 503 ? (['Retry-After'] as const) : []),
  ];
  response.headers = { ...response.headers, ...headersOf(names) };
}
