import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { PROBLEM_MEDIA_TYPE, problemSchema } from './problem.schema.js';
import { referenceTo } from './schema-references.js';

interface RouteDescription {
  readonly summary: string;
  readonly description?: string;
  /** Named view of the success answer; absent for 204. */
  readonly answer?: z.ZodType;
  /** Status of success, 200 unless given (204 without an answer). */
  readonly status?: number;
  /** A second success, e.g. 200 for what already existed. */
  readonly alsoStatus?: number;
  /** Status to the codes a client may meet, beyond those that every route has (400, 401, 403, 429, 503). */
  readonly problems?: Readonly<Record<number, string>>;
}

/** Documents a route: summary, answer and the errors of its own. */
export function DescribeRoute({ summary, description, answer, problems = {}, ...statuses }: RouteDescription) {
  const status = statuses.status ?? (answer === undefined ? 204 : 200);
  const successes = [status, ...(statuses.alsoStatus === undefined ? [] : [statuses.alsoStatus])];
  return applyDecorators(
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ...successes.map((success) =>
      ApiResponse({
        status: success,
        description: answer === undefined ? 'Done.' : 'The answer.',
        ...(answer === undefined ? {} : { content: { 'application/json': { schema: referenceTo(answer) } } }),
      }),
    ),
    ...Object.entries(problems).map(([code, text]) => problemResponse(Number(code), text)),
  );
}

function problemResponse(status: number, description: string) {
  return ApiResponse({
    status,
    description,
    content: { [PROBLEM_MEDIA_TYPE]: { schema: referenceTo(problemSchema) } },
  });
}
