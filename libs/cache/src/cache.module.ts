import { Module } from '@nestjs/common';
import { CacheInspection } from './cache-inspection.js';
import { CacheService } from './cache.service.js';
import { CacheStore } from './cache-store.js';
import { CacheWrites } from './cache-writes.js';
import { ConfigurableModuleClass } from './cache.module-definition.js';
import { CACHE_OPTIONS } from './cache.options.js';
import { ResponseCache } from './http/response-cache.js';
import { Invalidations } from './invalidations.js';
import { cacheManagerModule } from './keyv/cache-manager.module.js';
import { LocalCache } from './local-cache.js';
import { LogFollower } from './log-follower.js';
import { NamespaceStatistics } from './namespace-statistics.js';
import { OutboxRelay } from './outbox-relay.js';
import { HotResponseRepository, InvalidationOutbox } from './postgres/index.js';
import { ReadThrough } from './read-through.js';
import { CacheWarmer, HotResponses, WarmList } from './warming/index.js';

@Module({
  imports: [cacheManagerModule],
  providers: [
    CacheInspection,
    CacheService,
    CacheWarmer,
    CacheWrites,
    HotResponseRepository,
    HotResponses,
    InvalidationOutbox,
    Invalidations,
    LocalCache,
    LogFollower,
    NamespaceStatistics,
    OutboxRelay,
    ReadThrough,
    ResponseCache,
    WarmList,
  ],
  exports: [
    CacheInspection,
    CacheService,
    CacheWarmer,
    WarmList,
    ResponseCache,
    CacheStore,
    CacheWrites,
    CACHE_OPTIONS,
  ],
})
export class CacheModule extends ConfigurableModuleClass {}
