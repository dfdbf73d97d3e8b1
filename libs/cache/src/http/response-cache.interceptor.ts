import type { Principal } from '@app/http';
import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { CACHE_OPTIONS, type CacheModuleOptions } from '../cache.options.js';
import { CacheService } from '../cache-service.js';
import { CACHED_RESPONSE, type CachedResponse } from './cache-response.decorator.js';
import { matchesEntityTag } from './entity-tag.js';
import { responseKey } from './response-key.js';
import { packResponse, unpackResponse } from './stored-response.js';

/**
 * Answers declared GET routes from stored, already serialised bodies, with `ETag`, 304, `Age` and `Cache-Status`
 * (RFC 9211). Clients may keep an answer but must ask again before they use it, so a write is seen at once.
 */
@Injectable()
export class ResponseCacheInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly cache: CacheService,
    @Inject(CACHE_OPTIONS) private readonly options: Pick<CacheModuleOptions, 'httpTtlMs'>,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const declaration = this.reflector.get<CachedResponse | undefined>(CACHED_RESPONSE, context.getHandler());
    return declaration === undefined ? next.handle() : from(this.answer(declaration, context, next));
  }

  private async answer(
    declaration: CachedResponse,
    context: ExecutionContext,
    next: CallHandler,
  ): Promise<Buffer | undefined> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & { readonly user?: Principal }>();
    const reply = http.getResponse<FastifyReply>();
    const { bytes, storedAt, hit } = await this.cache.getOrLoadBytes(
      responseKey(declaration, request.url, request.user),
      { tags: declaration.tags, ttlMs: this.options.httpTtlMs },
      async () => packResponse(Buffer.from(JSON.stringify(await lastValueFrom(next.handle())))),
    );
    const { tag, body } = unpackResponse(bytes);
    reply.header('ETag', tag);
    reply.header('Cache-Control', declaration.audience === 'everyone' ? 'no-cache' : 'private, no-cache');
    reply.header('Vary', [reply.getHeader('Vary'), 'Authorization, Accept-Encoding'].filter(Boolean).join(', '));
    reply.header('Age', Math.max(0, Math.floor((Date.now() - storedAt) / 1000)));
    reply.header('Cache-Status', hit ? 'mockingbird; hit' : 'mockingbird; fwd=miss; stored');
    if (matchesEntityTag(request.headers['if-none-match'], tag)) {
      reply.status(304);
      return undefined;
    }
    reply.header('Content-Type', 'application/json; charset=utf-8');
    return body;
  }
}
