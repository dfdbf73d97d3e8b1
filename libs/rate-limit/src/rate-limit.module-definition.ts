import { ConfigurableModuleBuilder, type Type } from '@nestjs/common';
import { MemoryRateLimitStorage } from './memory/index.js';
import { RateLimitStorage, type TokenBucket } from './rate-limit-storage.js';

export interface RateLimitModuleOptions {
  /** Bucket of every caller; absent: no limit. */
  readonly requests: TokenBucket | undefined;
}

interface RateLimitModuleExtras {
  /** Where buckets live. In memory unless given. */
  readonly storage?: Type<RateLimitStorage>;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: RATE_LIMIT_OPTIONS } =
  new ConfigurableModuleBuilder<RateLimitModuleOptions>({ moduleName: 'RateLimit' })
    .setClassMethodName('forRoot')
    .setExtras<RateLimitModuleExtras>({}, (definition, { storage = MemoryRateLimitStorage }) => ({
      ...definition,
      global: true,
      providers: [
        ...(definition.providers ?? []),
        MemoryRateLimitStorage,
        {
          provide: RateLimitStorage,
          ...(storage === MemoryRateLimitStorage ? { useExisting: storage } : { useClass: storage }),
        },
      ],
    }))
    .build();
