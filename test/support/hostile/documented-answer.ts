import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiOperation } from '../api-operations.js';
import type { RawResponse } from './send.js';

/** Statuses the HTTP server gives on its own, before a route is found or its body read. */
const OF_THE_SERVER = new Set([400, 404, 408, 413, 414, 415, 431]);

const problem = z.looseObject({
  type: z.string().startsWith('urn:mockingbird:error:'),
  title: z.string().min(1),
  status: z.int(),
  code: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
  requestId: z.uuid(),
});

/** Says what is wrong with answers, measured by the API document. */
export class DocumentedAnswers {
  private readonly definitions: Record<string, z.core.JSONSchema.JSONSchema>;
  private readonly parsers = new Map<string, z.ZodType>();

  constructor(document: OpenAPIObject) {
    const closed = JSON.stringify(document.components?.schemas ?? {}, (_, value: unknown) => closedObject(value));
    this.definitions = JSON.parse(
      closed.replaceAll('#/components/schemas/', '#/definitions/'),
    ) as typeof this.definitions;
  }

  /** Undefined when the answer is as documented. */
  faultOf({ operation }: ApiOperation, { status, headers, body }: RawResponse): string | undefined {
    const documented = operation.responses[status];
    if (status >= 500) return `status ${status}`;
    if (documented === undefined && !OF_THE_SERVER.has(status)) return `undocumented status ${status}`;
    if (status >= 400) return problemFault(status, headers, body);
    if (status === 204 || status === 304) return body.length === 0 ? undefined : 'a body where there is none';
    const content = (documented as { content?: Record<string, { schema: { $ref: string } }> }).content;
    if (String(headers['content-type']).startsWith('text/csv')) {
      return content?.['text/csv'] === undefined ? 'CSV where there is none' : undefined;
    }
    const ref = content?.['application/json']?.schema.$ref ?? '';
    return faultIn(this.parser(ref.replace('#/components/schemas/', '')), body);
  }

  private parser(name: string): z.ZodType {
    const known = this.parsers.get(name);
    if (known !== undefined) return known;
    const root = { $ref: `#/definitions/${name}`, definitions: this.definitions };
    const parser = z.fromJSONSchema(root, { defaultTarget: 'openapi-3.0' });
    this.parsers.set(name, parser);
    return parser;
  }
}

function problemFault(status: number, headers: RawResponse['headers'], body: Buffer): string | undefined {
  if (!String(headers['content-type']).startsWith('application/problem+json')) {
    return `content type ${String(headers['content-type'])}`;
  }
  const said = z.safeParse(problem, JSON.parse(body.toString('utf8')));
  if (!said.success) return z.prettifyError(said.error);
  if (said.data.status !== status) return `status ${said.data.status} in the body, ${status} outside`;
  if (said.data.requestId !== headers['x-request-id']) return 'another requestId than X-Request-Id';
  return /node_modules|\.[jt]s:\d+|at \w+ \(/.test(body.toString('utf8')) ? 'a stack' : undefined;
}

function faultIn(parser: z.ZodType, body: Buffer): string | undefined {
  const { error } = parser.safeParse(JSON.parse(body.toString('utf8')));
  return error === undefined ? undefined : z.prettifyError(error);
}

/** Members that the document does not have count as faults here, though clients should expect them. */
function closedObject(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'properties' in value && !('additionalProperties' in value)
    ? { ...value, additionalProperties: false }
    : value;
}
