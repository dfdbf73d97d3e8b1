import type { OutgoingHttpHeaders } from 'node:http';
import { ANSWERED, type Principal, type RequestStep, type RoutePlan, type RouteStep } from '@app/http';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CACHE_OPTIONS, type CacheModuleOptions } from '../cache.options.js';
import { CacheService } from '../cache.service.js';
import type { AnswerSource, CacheAnswer } from '../cache-answer.js';
import type { CachedResponse } from './cache-response.decorator.js';
import { negotiateCoding } from './content-coding.js';
import { matchesEntityTag } from './entity-tag.js';
import { responseKey } from './response-key.js';
import { responseCodec, type StoredResponse } from './stored-response.js';

type CallerRequest = FastifyRequest & { readonly user?: Principal };

/** What RFC 9211 calls where an answer came from. */
const STATUS: Readonly<Record<AnswerSource, string>> = {
  local: 'hit',
  store: 'hit',
  stale: 'hit',
  coalesced: 'fwd=miss; collapsed',
  load: 'fwd=miss; stored',
};

/**
 * Stored answers of declared GET routes: bodies as they were serialised and compressed, with `ETag`, 304, `Age` and
 * `Cache-Status` (RFC 9211). Clients may keep an answer but must ask again before they use it, so a write is seen at
 * once. Only this cache, which hears of writes, answers without asking.
 */
@Injectable()
export class ResponseCache implements RequestStep {
  constructor(
    private readonly cache: CacheService,
    @Inject(CACHE_OPTIONS) private readonly options: Pick<CacheModuleOptions, 'httpTtlMs'>,
  ) {}

  /** Answers from the memory of this process; whatever takes longer is the interceptor's. */
  on(plan: RoutePlan): RouteStep | undefined {
    const { cached } = plan;
    if (cached === undefined) return undefined;
    return (request, reply) => {
      const answer = this.cache.peek<StoredResponse>(this.keyOf(cached, request));
      if (answer === undefined) return undefined;
      send(request, reply, this.describe(request, reply, { answer, plan }));
      return ANSWERED;
    };
  }

  /** A stored answer, or what `load` makes and other callers then share. */
  find(request: FastifyRequest, cached: CachedResponse, load: () => Promise<StoredResponse>) {
    const tags = typeof cached.tags === 'function' ? cached.tags(request) : cached.tags;
    const use = { tags, ttlMs: this.options.httpTtlMs };
    return this.cache.getOrLoadWith(this.keyOf(cached, request), responseCodec, use, load);
  }

  /** Sets the headers of an answer, and gives the body to send; none for a client whose copy is current. */
  describe(
    request: FastifyRequest,
    reply: FastifyReply,
    { answer, plan: { cached, isPublic } }: { readonly answer: CacheAnswer<StoredResponse>; readonly plan: RoutePlan },
  ): Buffer | undefined {
    const response = answer.value as StoredResponse;
    const coding = response.codingFor(negotiateCoding(request.headers['accept-encoding']));
    const vary = reply.getHeader('Vary');
    const now = Date.now();
    reply.header('ETag', response.entityTag(coding));
    reply.header(
      'Cache-Control',
      isPublic && cached?.audience === 'everyone' ? 'public, no-cache' : 'private, no-cache',
    );
    reply.header(
      'Vary',
      vary === undefined ? 'Authorization, Accept-Encoding' : `${String(vary)}, Authorization, Accept-Encoding`,
    );
    reply.header('Age', Math.max(0, Math.floor((now - answer.storedAt) / 1000)));
    const ttl = Math.ceil((answer.freshUntil - now) / 1000);
    reply.header('Cache-Status', `mockingbird; ${STATUS[answer.source]}; ttl=${ttl}`);
    if (matchesEntityTag(request.headers['if-none-match'], response.tag)) {
      reply.status(304);
      return undefined;
    }
    if (coding !== 'identity') reply.header('Content-Encoding', coding);
    return response.body(coding);
  }

  private keyOf(cached: CachedResponse, request: FastifyRequest): string {
    return responseKey(cached, request.url, (request as CallerRequest).user);
  }
}

/** Sends a stored body with the headers that were set. `reply.send` would look for a serialiser, a stream and hooks. */
function send({ method }: FastifyRequest, reply: FastifyReply, body: Buffer | undefined): void {
  if (body !== undefined) {
    reply.header('Content-Type', 'application/json; charset=utf-8');
    reply.header('Content-Length', body.length);
  }
  const { raw, statusCode } = reply.hijack();
  raw.writeHead(statusCode, reply.getHeaders() as OutgoingHttpHeaders);
  raw.end(method === 'HEAD' ? undefined : body);
}
