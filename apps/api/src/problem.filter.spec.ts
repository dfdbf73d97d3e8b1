import { DomainError, InvalidInputError, UnavailableError, type ErrorKind } from '@app/errors';
import type { Problem } from '@app/http';
import { RateLimitedError } from '@app/rate-limit';
import { HttpException, Logger, NotFoundException, type ArgumentsHost } from '@nestjs/common';
import { ProblemFilter } from './problem.filter.js';

interface Answer {
  status: number;
  type: string;
  readonly headers: Record<string, unknown>;
  problem: Problem;
  text: string;
}

function answerTo(thrown: unknown): Answer {
  const answer = { status: 0, type: '', headers: {} as Record<string, unknown>, text: '' };
  const reply = {
    header: (name: string, value: unknown) => {
      answer.headers[name] = value;
      return reply;
    },
    status: (status: number) => {
      answer.status = status;
      return reply;
    },
    type: (type: string) => {
      answer.type = type;
      return reply;
    },
    send: (text: string) => {
      answer.text = text;
      return reply;
    },
  };
  const host = {
    getType: () => 'http',
    switchToHttp: () => ({ getRequest: () => ({ id: 'request-1' }), getResponse: () => reply }),
  };
  new ProblemFilter().catch(thrown, host as unknown as ArgumentsHost);
  return { ...answer, problem: JSON.parse(answer.text) as Problem };
}

class SampleError extends DomainError {
  readonly code = 'sample.failed';
  override readonly details = { current: { revision: 3 }, status: 999, code: 'forged' };

  constructor(readonly kind: ErrorKind) {
    super('It failed.', { cause: new Error('postgres://user:secret@db') });
  }
}

let logged: unknown[];
beforeEach(() => {
  logged = [];
  const keep = (record: unknown) => void logged.push(record);
  Logger.overrideLogger({ log: keep, error: keep, warn: keep });
});
afterEach(() => Logger.overrideLogger(false));

describe('ProblemFilter', () => {
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

  it.each(Object.entries(STATUS) as [ErrorKind, number][])('answers an error of kind %s with %i', (kind, status) => {
    const answer = answerTo(new SampleError(kind));
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
    expect(answer.headers['Cache-Control']).toBe('no-store');
    expect(answer.problem).toEqual({
      type: 'urn:mockingbird:error:sample.failed',
      title: 'It failed.',
      status,
      code: 'sample.failed',
      requestId: 'request-1',
      current: { revision: 3 },
    });
  });

  it('asks for a token with 401 only', () => {
    expect(answerTo(new SampleError('unauthenticated')).headers['WWW-Authenticate']).toBe('Bearer');
    expect(answerTo(new SampleError('forbidden')).headers).not.toHaveProperty('WWW-Authenticate');
  });

  it('says when to try again', () => {
    expect(answerTo(new RateLimitedError(2300)).headers['Retry-After']).toBe(3);
    expect(answerTo(new UnavailableError('redis')).headers['Retry-After']).toBe(1);
    expect(answerTo(new SampleError('conflict')).headers).not.toHaveProperty('Retry-After');
  });

  it('names the members of the input that are wrong', () => {
    const errors = [{ path: 'email', message: 'Invalid email address' }];
    expect(answerTo(new InvalidInputError(errors)).problem).toMatchObject({ code: 'request.invalid', errors });
  });

  it('answers 500 without a word of an error nobody expected, and logs it with the request', () => {
    const error = new Error('duplicate key value violates unique constraint "users_email"');
    const answer = answerTo(error);
    expect(answer.status).toBe(500);
    expect(answer.problem).toMatchObject({ code: 'internal', requestId: 'request-1' });
    expect(answer.text).not.toContain('duplicate');
    expect(logged).toEqual([{ requestId: 'request-1', err: error }]);
  });

  it.each([['a string'], [undefined], [null], [{ statusCode: 418, message: 'no error at all' }]])(
    'answers 500 to what is thrown and no error: %j',
    (thrown) => expect(answerTo(thrown)).toMatchObject({ status: 500, problem: { code: 'internal' } }),
  );

  it('never shows a stack or a cause', () => {
    const errors = [
      new SampleError('invalid'),
      new Error('x'),
      new NotFoundException(),
      new UnavailableError('database', new Error('secret')),
    ];
    for (const error of errors) {
      expect(answerTo(error).text).not.toMatch(/\.ts|\n\s+at |secret|stack|cause/);
    }
  });

  it.each([
    [400, 'request.malformed'],
    [404, 'route.not_found'],
    [405, 'route.method_not_allowed'],
    [413, 'request.too_large'],
    [415, 'request.unsupported_media_type'],
    [418, 'request.refused'],
  ])('gives what the server refuses with %i a code of its own', (status, code) => {
    expect(answerTo(new HttpException('Refused.', status))).toMatchObject({ status, problem: { code } });
    expect(answerTo(Object.assign(new Error('Refused.'), { statusCode: status }))).toMatchObject({
      status,
      problem: { code },
    });
  });

  it('says that the server is busy, and nothing of why, for 503 of the server', () => {
    const answer = answerTo(new HttpException('pool of 10.0.0.7 exhausted', 503));
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'Retry-After': 1 },
      problem: { code: 'server.unavailable' },
    });
    expect(answer.text).not.toContain('10.0.0.7');
  });

  it('leaves errors of sockets to the gateway', () => {
    const error = new Error('x');
    const host = { getType: () => 'ws' } as unknown as ArgumentsHost;
    expect(() => new ProblemFilter().catch(error, host)).toThrow(error);
  });
});
