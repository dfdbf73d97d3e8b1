import { ConfigurableModuleBuilder, type Type } from '@nestjs/common';
import { MemoryRateLimitStorage } from './memory/index.js';
import type { RateLimitPolicies } from './rate-limit.policies.js';
import { RateLimitStorage } from './rate-limit-storage.js';

export interface RateLimitModuleOptions {
  /** Absent: no limit. */
  readonly policies: RateLimitPolicies | undefined;
  /** Addresses and CIDR ranges that are not limited. */
  readonly allowed?: readonly string[];
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
