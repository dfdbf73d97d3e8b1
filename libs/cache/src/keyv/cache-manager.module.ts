import { CacheModule as NestCacheModule } from '@nestjs/cache-manager';
import type { DynamicModule } from '@nestjs/common';
import { Keyv } from 'keyv';
import { CACHE_OPTIONS, type CacheModuleOptions } from '../cache.options.js';
import { CacheStore } from '../cache-store.js';
import { CacheKeyvStore } from './cache-keyv-store.js';

/**
 * `CACHE_MANAGER` of `@nestjs/cache-manager` on our store, so that modules of others find what they expect. What they
 * cache is shared by all instances, and bounded, like everything else; features of our own use `CacheService`.
 */
export const cacheManagerModule: DynamicModule = NestCacheModule.registerAsync({
  isGlobal: true,
  inject: [CacheStore, CACHE_OPTIONS],
  useFactory: (store: CacheStore, { defaultTtlMs }: CacheModuleOptions) => ({
    stores: [new Keyv({ store: new CacheKeyvStore(store), namespace: 'cache-manager' })],
    ttl: defaultTtlMs,
  }),
});
