import { internalCaller, type Principal, type RequestStep, type RoutePlan, type RouteStep } from '@app/http';
import { Inject, Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BucketDraw } from '../bucket-draw.js';
import { RateLimitStorage, type RateLimitVerdict } from '../rate-limit-storage.js';
import { RateLimitedError } from '../rate-limit.errors.js';
import { RateLimits, type RouteLimit } from '../rate-limits.js';

/** A request whose tokens somebody may have taken already. */
export type LimitedRequest = FastifyRequest & { readonly user?: Principal; draw?: BucketDraw | undefined };

/**
 * Limits every request, by user, or by address where nobody is logged in. Says what is left in `RateLimit` and
 * `RateLimit-Policy` (IETF draft-ietf-httpapi-ratelimit-headers).
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard implements RequestStep {
  @Inject() private readonly limits!: RateLimits;
  @Inject() private readonly buckets!: RateLimitStorage;

  on(plan: RoutePlan): RouteStep | undefined {
    const limit = this.limits.on(plan);
    return limit && ((request, reply) => this.limit(limit, request, reply));
  }

  private limit(limit: RouteLimit, request: LimitedRequest, reply: FastifyReply): Promise<undefined> | undefined {
    // This process itself, which has no token: its requests come one after the other.
    if (request.headers.authorization === undefined && internalCaller() !== undefined) return undefined;
    const draw = request.draw ?? limit.drawFor(request.user, request);
    if (draw === undefined) return undefined;
    const verdict = draw.verdict ?? this.buckets.take(draw.key, draw.bucket, draw.tokens);
    if (verdict instanceof Promise) return verdict.then((later) => settle(limit, draw, later, reply));
    return settle(limit, draw, verdict, reply);
  }
}

/** @throws {RateLimitedError} */
function settle(
  { group }: RouteLimit,
  { bucket }: BucketDraw,
  { allowed, remaining, resetMs, retryAfterMs }: RateLimitVerdict,
  reply: FastifyReply,
): undefined {
  reply.header('RateLimit-Policy', bucket.described);
  reply.header('RateLimit', `"${group}";r=${remaining};t=${Math.ceil(resetMs / 1000)}`);
  if (!allowed) throw new RateLimitedError(retryAfterMs);
}
