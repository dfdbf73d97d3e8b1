import { markOperation } from '@app/http';
import { applyDecorators, SetMetadata } from '@nestjs/common';

/** Who may share one stored response. Authentication always runs first. */
export type CacheAudience = 'everyone' | 'roles' | 'user';

export interface CachedResponse {
  /** Whose answer it is: the same for everyone let in, for those of the same roles, or for one user only. */
  readonly audience: CacheAudience;
  /** Names a family of routes in metrics, and can be cleared as a whole. */
  readonly namespace: string;
  /** Tags every response of the route depends on. */
  readonly tags: readonly string[];
}

export const CACHED_RESPONSE = 'cache:response';

/** Declares that a GET route's successful answer may be cached. Nothing else ever is. */
export const CacheResponse = (declaration: CachedResponse) =>
  applyDecorators(SetMetadata(CACHED_RESPONSE, declaration), markOperation('cached'));
