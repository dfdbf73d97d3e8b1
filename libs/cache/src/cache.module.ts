import { Module } from '@nestjs/common';
import { CacheMetrics } from './cache-metrics.js';
import { CacheService } from './cache-service.js';
import { CacheStore } from './cache-store.js';
import { OwedInvalidations } from './owed-invalidations.js';
import { ConfigurableModuleClass } from './cache.module-definition.js';
import { CACHE_OPTIONS } from './cache.options.js';

@Module({
  providers: [CacheService, CacheMetrics, OwedInvalidations],
  exports: [CacheService, CacheStore, CACHE_OPTIONS],
})
export class CacheModule extends ConfigurableModuleClass {}
