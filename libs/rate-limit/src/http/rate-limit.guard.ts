import { internalCaller, routePlanOf, type Principal, type RequestStep } from '@app/http';
import { Injectable } from '@nestjs/common';
import { normalizeIp, ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimitedError } from '../rate-limit.errors.js';

const IPV6_SUBNET = 64;

/**
 * Limits every request, by user, or by address where nobody is logged in. Says what is left in `RateLimit` and
 * `RateLimit-Policy` (IETF draft-ietf-httpapi-ratelimit-headers).
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard implements RequestStep {
  take(request: FastifyRequest, reply: FastifyReply): Promise<undefined> | undefined {
    const [throttler] = this.throttlers;
    if (throttler === undefined || routePlanOf(request).isUnlimited) return undefined;
    // This process itself, which has no token: its requests come one after the other.
    if (request.headers.authorization === undefined && internalCaller() !== undefined) return undefined;
    return this.limit(request, reply, throttler.limit as number, throttler.ttl as number);
  }

  private async limit(request: FastifyRequest, reply: FastifyReply, limit: number, ttl: number): Promise<undefined> {
    const { user, ip } = request as FastifyRequest & { readonly user?: Principal };
    const key = user === undefined ? `ip:${normalizeIp(ip, IPV6_SUBNET)}` : `user:${user.userId}`;
    const record = await this.storageService.increment(key, ttl, limit, 0, 'default');
    reply.header('RateLimit-Policy', `"default";q=${limit};w=${Math.ceil(ttl / 1000)}`);
    reply.header('RateLimit', `"default";r=${limit - record.totalHits};t=${record.timeToExpire}`);
    if (record.isBlocked) throw new RateLimitedError(record.timeToBlockExpire * 1000);
  }
}
