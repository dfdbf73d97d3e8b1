import { randomUUID } from 'node:crypto';
import { DomainError, type ErrorKind } from '@app/errors';
import { PROBLEM_MEDIA_TYPE, type Problem } from '@app/http';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Total on purpose: a new `ErrorKind` does not compile until it has a status. */
const STATUS: Record<ErrorKind, number> = {
  malformed: 400,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  rate_limited: 429,
  unavailable: 503,
};

/** Codes of what the HTTP server refuses by itself. */
const SERVER_CODES: Readonly<Record<number, string>> = {
  400: 'request.malformed',
  404: 'route.not_found',
  405: 'route.method_not_allowed',
  408: 'request.timeout',
  413: 'request.too_large',
  414: 'request.url_too_long',
  415: 'request.unsupported_media_type',
  431: 'request.headers_too_large',
  503: 'server.unavailable',
};

type ProblemDetails = Pick<Problem, 'status' | 'code' | 'title'> & {
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterSeconds?: number | undefined;
};

/** Answers every failure as RFC 9457 problem details; never a stack, never more than was meant to be said. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    const { id = randomUUID() } = http.getRequest<Partial<FastifyRequest>>();
    const reply = http.getResponse<FastifyReply>();
    const { status, code, title, details, retryAfterSeconds } = this.describe(error, id);
    if (retryAfterSeconds !== undefined) reply.header('Retry-After', retryAfterSeconds);
    if (status === 401) reply.header('WWW-Authenticate', 'Bearer');
    const problem: Problem = {
      ...details,
      type: `urn:mockingbird:error:${code}`,
      title,
      status,
      code,
      requestId: id,
    };
    reply.status(status).header('Cache-Control', 'no-store').type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
  }

  private describe(error: unknown, requestId: string): ProblemDetails {
    if (error instanceof DomainError) {
      const { kind, code, message: title, details, retryAfterSeconds } = error;
      return { status: STATUS[kind], code, title, details, retryAfterSeconds };
    }
    const status = statusOf(error);
    if (status >= 400 && status < 500) {
      return { status, code: SERVER_CODES[status] ?? 'request.refused', title: (error as Error).message };
    }
    if (status === 503)
      return {
        status,
        code: 'server.unavailable',
        title: 'The server is busy. Try again shortly.',
        retryAfterSeconds: 1,
      };
    this.logger.error({ requestId, err: error });
    return { status: 500, code: 'internal', title: 'Something went wrong here. It has been logged.' };
  }
}

/** Of errors that Nest or Fastify raised; 500 for everything else. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return 500;
}
