import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { CSV_MEDIA_TYPE } from './csv-answer.js';
import { problemContent } from './problem-content.js';
import { problemSchema } from './problem.schema.js';
import { referenceTo } from './schema-references.js';

/** The codes a client may meet and what they mean, alone or with the view of a problem that says more. */
type ProblemDescription = string | { readonly text: string; readonly view: z.ZodType };

interface RouteDescription {
  readonly summary: string;
  readonly description?: string;
  /** Named view of the success answer; absent for 204. */
  readonly answer?: z.ZodType;
  /** Columns of the same as a CSV file, where it can be had as one. */
  readonly csv?: readonly string[];
  /** Status of success, 200 unless given (204 without an answer). */
  readonly status?: number;
  /** A second status with the same view: 200 for what already existed, 503 for what is not well. */
  readonly alsoStatus?: 200 | 503;
  /**
   * Status to the codes a client may meet, written `` `code`: what it means ``, beyond those that every route has
   * (400, 401, 403, 413, 415, 429, 503).
   */
  readonly problems?: Readonly<Record<number, ProblemDescription>>;
}

const ANSWER: Readonly<Record<number, string>> = { 201: 'Made.', 204: 'Done; there is no body.' };
const ALSO = { 200: 'It was there already; nothing was made.', 503: 'Something it needs is down.' } as const;

/** Documents a route: summary, answer and the errors of its own. */
export function DescribeRoute(route: RouteDescription) {
  const { summary, description, answer, csv, problems = {} } = route;
  const { status = answer === undefined ? 204 : 200, alsoStatus } = route;
  const content = { ...(answer && jsonContent(answer)), ...(csv && csvContent(csv)) };
  return applyDecorators(
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    answerResponse(status, content, ANSWER[status] ?? 'OK.'),
    ...(alsoStatus === undefined ? [] : [answerResponse(alsoStatus, content, ALSO[alsoStatus])]),
    ...Object.entries(problems).map(([code, problem]) => problemResponse(Number(code), problem)),
  );
}

type Content = NonNullable<Extract<Parameters<typeof ApiResponse>[0], { content?: unknown }>['content']>;

function answerResponse(status: number, content: Content, description: string) {
  return ApiResponse({ status, description, ...(Object.keys(content).length > 0 && { content }) });
}

function jsonContent(view: z.ZodType) {
  return { 'application/json': { schema: referenceTo(view) } };
}

function csvContent(columns: readonly string[]) {
  const description = `With a header row: \`${columns.join(',')}\`.`;
  return { [CSV_MEDIA_TYPE]: { schema: { type: 'string', description } } };
}

function problemResponse(status: number, problem: ProblemDescription) {
  const { text, view } = typeof problem === 'string' ? { text: problem, view: problemSchema } : problem;
  return ApiResponse({ status, description: text, content: problemContent(status, text, view) });
}
