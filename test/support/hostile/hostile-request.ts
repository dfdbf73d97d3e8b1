import fc from 'fast-check';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { ApiOperation } from '../api-operations.js';
import { hostileBody } from './body-mutations.js';
import type { RawRequest } from './send.js';
import { HOSTILE_ENCODINGS, HOSTILE_HEADERS, HOSTILE_TEXTS } from './values.js';

/** Ids by resource and bodies by schema that are right; other bodies are the examples of the document. */
export interface KnownRight {
  readonly ids: Readonly<Record<string, string | undefined>>;
  readonly bodies: Readonly<Record<string, unknown>>;
}

/** Requests to one operation that are wrong in one or more places. */
export function hostileRequest(
  document: OpenAPIObject,
  api: ApiOperation,
  known: KnownRight,
): fc.Arbitrary<RawRequest> {
  const { method, path, operation } = api;
  const valid = validBody(document, api, known);
  return fc
    .record({
      path: pathTo(path, known.ids),
      query: query(operation),
      headers: headers(),
      body: valid === undefined ? strayBody() : fc.oneof({ weight: 8, arbitrary: hostileBody(valid) }, strayBody()),
    })
    .map(({ path: target, query: search, headers: sent, body }) => ({
      method: method.toUpperCase(),
      target: `${target}${search}`,
      headers: body === undefined ? sent : { 'content-type': 'application/json', ...sent },
      body,
    }));
}

/** What a text is over the wire: half a surrogate pair has no encoding, so it goes as the bytes a careless client makes. */
function encoded(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : `%ed%a0%80${encodeURIComponent(text.toWellFormed())}`;
}

const rawPart = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_TEXTS.map(encoded)) },
  { weight: 2, arbitrary: fc.constantFrom(...HOSTILE_ENCODINGS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }).map(encoded) },
);

function knownId(path: string, ids: KnownRight['ids']): string | undefined {
  return ids[path.split('/')[3] ?? ''];
}

/** The path of an operation with ids that exist. */
export function rightPath(path: string, { ids }: KnownRight): string {
  return path.replace(/\{\w+\}/, knownId(path, ids) ?? '');
}

function pathTo(path: string, ids: KnownRight['ids']): fc.Arbitrary<string> {
  const parts = path.split(/(\{\w+\})/).map((part): fc.Arbitrary<string> => {
    if (!part.startsWith('{')) return fc.constant(part);
    const known = knownId(path, ids);
    return known === undefined ? rawPart : fc.oneof(fc.constant(known), rawPart);
  });
  return fc.tuple(...parts).map((values) => values.join(''));
}

function query({ parameters = [] }: ApiOperation['operation']): fc.Arbitrary<string> {
  const names = parameters.flatMap((parameter) =>
    'in' in parameter && parameter.in === 'query' ? [parameter.name] : [],
  );
  const name = fc.oneof(
    ...(names.length === 0 ? [] : [fc.constantFrom(...names), fc.constantFrom(...names.map((known) => `${known}[]`))]),
    fc.constantFrom('unknown', '__proto__', 'constructor', 'a[b][c]', '%00', ''),
  );
  const pair = fc.tuple(name, rawPart).map(([key, value]) => `${key}=${value}`);
  const few = fc.array(pair, { maxLength: 4 }).map((pairs) => (pairs.length === 0 ? '' : `?${pairs.join('&')}`));
  const right = [
    ...(names.includes('except') ? [fc.constant('?except=current')] : []),
    ...(names.includes('format') ? [fc.constant('?format=csv')] : []),
  ];
  return fc.oneof(few, ...right, fc.constantFrom('', '?', '?&&&', '??=', `?${'a=1&'.repeat(2000)}`));
}

function headers(): fc.Arbitrary<Record<string, string>> {
  const header = fc
    .constantFrom(...Object.keys(HOSTILE_HEADERS))
    .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...(HOSTILE_HEADERS[name] ?? []))));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.array(header, { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs)) },
  );
}

function strayBody(): fc.Arbitrary<string | undefined> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.constantFrom('', '{}', '[]', 'null', '{', '\0'));
}

/** A body that an operation takes; undefined where it takes none. */
export function validBody(
  document: OpenAPIObject,
  { operation: { requestBody: body } }: ApiOperation,
  { bodies }: KnownRight,
): unknown {
  if (body === undefined || '$ref' in body) return undefined;
  const { $ref = '' } = (body.content['application/json']?.schema ?? {}) as { $ref?: string };
  const name = $ref.replace('#/components/schemas/', '');
  const schema = document.components?.schemas?.[name] as { example?: unknown } | undefined;
  return bodies[name] ?? schema?.example;
}
