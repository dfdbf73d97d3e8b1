import type { Principal } from '@app/http';
import { Injectable, type ExecutionContext } from '@nestjs/common';
import { normalizeIp, ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimitedError } from '../rate-limit.errors.js';

const IPV6_SUBNET = 64;

/**
 * Limits every request, by user, or by address where nobody is logged in. Says what is left in `RateLimit` and
 * `RateLimit-Policy` (IETF draft-ietf-httpapi-ratelimit-headers).
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    return context.getType() !== 'http';
  }

  protected override async handleRequest({ context, limit, ttl, throttler }: ThrottlerRequest): Promise<boolean> {
    const http = context.switchToHttp();
    const { user, ip } = http.getRequest<FastifyRequest & { readonly user?: Principal }>();
    const key = user === undefined ? `ip:${normalizeIp(ip, IPV6_SUBNET)}` : `user:${user.userId}`;
    const record = await this.storageService.increment(key, ttl, limit, 0, throttler.name ?? 'default');
    const reply = http.getResponse<FastifyReply>();
    reply.header('RateLimit-Policy', `"${throttler.name}";q=${limit};w=${Math.ceil(ttl / 1000)}`);
    reply.header('RateLimit', `"${throttler.name}";r=${limit - record.totalHits};t=${record.timeToExpire}`);
    if (record.isBlocked) throw new RateLimitedError(record.timeToBlockExpire * 1000);
    return true;
  }
}
