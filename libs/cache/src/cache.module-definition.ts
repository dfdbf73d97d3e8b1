import { ConfigurableModuleBuilder, type ModuleMetadata, type Provider, type Type } from '@nestjs/common';
import { CACHE_OPTIONS, type CacheModuleOptions } from './cache.options.js';
import { CacheStore } from './cache-store.js';
import { InvalidationLog } from './invalidation-log.js';
import { MemoryCacheStore, MemoryInvalidationLog } from './memory/index.js';

/** Where values and invalidations live. */
export interface CacheAdapter {
  readonly store: Type<CacheStore>;
  readonly log: Type<InvalidationLog>;
  /** What the two need. */
  readonly providers?: readonly Provider[];
}

interface CacheModuleExtras {
  /** In memory unless given. */
  readonly adapter?: CacheAdapter;
  readonly imports?: ModuleMetadata['imports'];
}

const IN_MEMORY: CacheAdapter = { store: MemoryCacheStore, log: MemoryInvalidationLog };

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<CacheModuleOptions>({
  moduleName: 'Cache',
  optionsInjectionToken: CACHE_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras<CacheModuleExtras>({}, (definition, { adapter: { store, log, providers = [] } = IN_MEMORY }) => ({
    ...definition,
    global: true,
    providers: [
      ...(definition.providers ?? []),
      ...providers,
      { provide: CacheStore, useClass: store },
      { provide: InvalidationLog, useClass: log },
    ],
  }))
  .build();
