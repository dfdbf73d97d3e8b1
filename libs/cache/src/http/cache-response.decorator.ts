import { markOperation, planRoute } from '@app/http';
import { applyDecorators, UseInterceptors } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ResponseCacheInterceptor } from './response-cache.interceptor.js';

/** Who may share one stored response. Authentication always runs first. */
export type CacheAudience = 'everyone' | 'roles' | 'user';

export interface CachedResponse {
  /** Whose answer it is: the same for everyone let in, for those of the same roles, or for one user only. */
  readonly audience: CacheAudience;
  /** Names a family of routes in metrics, and can be cleared as a whole. */
  readonly namespace: string;
  /** What every response of the route depends on, or the one to a request. */
  readonly tags: readonly string[] | ((request: FastifyRequest) => readonly string[]);
}

declare module '@app/http' {
  interface RoutePlan {
    readonly cached?: CachedResponse;
  }
}

/** Declares that a GET route's successful answer may be cached. Nothing else ever is. */
export const CacheResponse = (cached: CachedResponse) =>
  applyDecorators(planRoute({ cached }), UseInterceptors(ResponseCacheInterceptor), markOperation('cached'));
