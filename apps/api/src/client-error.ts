import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_MEDIA_TYPE, type Problem } from '@app/http';

type Refusal = Pick<Problem, 'status' | 'code' | 'title'>;

/** By Node's error code. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'request.headers_too_large', title: 'The headers are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'request.timeout', title: 'The request did not arrive in time.' },
};
const NOT_HTTP: Refusal = { status: 400, code: 'request.malformed', title: 'This is not an HTTP request.' };

/** Answers what Node cannot read as HTTP, below Fastify and its hooks, as a problem too. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const { status, code, title } = REFUSALS[error.code ?? ''] ?? NOT_HTTP;
    const requestId = randomUUID();
    const problem: Problem = { type: `urn:mockingbird:error:${code}`, title, status, code, requestId };
    const body = JSON.stringify(problem);
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      'Cache-Control: no-store',
      'Connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroy(error);
}
