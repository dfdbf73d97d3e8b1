import { routePlanOf } from '@app/http';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { NotCacheable } from '../not-cacheable.js';
import { ResponseCache } from './response-cache.js';
import { StoredResponse } from './stored-response.js';

/** Stores what a declared route's handler answers; calls for the same answer at once share one. */
@Injectable()
export class ResponseCacheInterceptor implements NestInterceptor {
  constructor(private readonly responses: ResponseCache) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return from(this.answer(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), next));
  }

  private async answer(request: FastifyRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const plan = routePlanOf(request);
    const { cached } = plan;
    if (cached === undefined) return lastValueFrom(next.handle());
    try {
      const answer = await this.responses.find(request, cached, () => storableAnswer(reply, next));
      const body = this.responses.describe(request, reply, { answer, plan });
      if (body !== undefined) reply.header('Content-Type', 'application/json; charset=utf-8');
      return body;
    } catch (error) {
      if (!(error instanceof NotCacheable)) throw error;
      // An answer that is not to be stored is not to be shared either.
      return error.isOf(reply) ? error.value : lastValueFrom(next.handle());
    }
  }
}

/** @throws {NotCacheable} for an answer that must not be stored (RFC 9111, 3) */
async function storableAnswer(reply: FastifyReply, next: CallHandler): Promise<StoredResponse> {
  const value: unknown = await lastValueFrom(next.handle());
  const { statusCode } = reply;
  const cacheControl = String(reply.getHeader('Cache-Control') ?? '');
  const forbids = /\b(no-store|private|no-cache)\b/i.test(cacheControl) || reply.hasHeader('Set-Cookie');
  if (statusCode !== 200 || forbids) throw new NotCacheable(reply, value);
  return StoredResponse.of(Buffer.from(JSON.stringify(value)));
}
