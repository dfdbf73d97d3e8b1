import { ConfigurableModuleBuilder, type Type } from '@nestjs/common';
import { CacheStore } from './cache-store.js';
import { MemoryCacheStore } from './memory/index.js';
import { CACHE_OPTIONS, type CacheModuleOptions } from './cache.options.js';

interface CacheModuleExtras {
  /** The store to use. In memory unless given. */
  readonly store?: Type<CacheStore>;
}

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<CacheModuleOptions>({
  moduleName: 'Cache',
  optionsInjectionToken: CACHE_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras<CacheModuleExtras>({}, (definition, { store = MemoryCacheStore }) => ({
    ...definition,
    global: true,
    providers: [...(definition.providers ?? []), { provide: CacheStore, useClass: store }],
  }))
  .build();
