import { Module } from '@nestjs/common';
import { ThrottlerModule, type ThrottlerOptions } from '@nestjs/throttler';
import { RateLimitStorage, type TokenBucket } from './rate-limit-storage.js';
import {
  ConfigurableModuleClass,
  RATE_LIMIT_OPTIONS,
  type RateLimitModuleOptions,
} from './rate-limit.module-definition.js';
import { RateLimits } from './rate-limits.js';
import { ThrottlerStorageBridge } from './throttler-storage-bridge.js';

@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [RATE_LIMIT_OPTIONS, RateLimitStorage],
      useFactory: ({ policies }: RateLimitModuleOptions, storage: RateLimitStorage) => ({
        storage: new ThrottlerStorageBridge(storage),
        throttlers: policies === undefined ? [] : [throttlerOf(policies.requests)],
      }),
    }),
  ],
  providers: [RateLimits],
  exports: [RateLimits, RateLimitStorage, RATE_LIMIT_OPTIONS, ThrottlerModule],
})
export class RateLimitModule extends ConfigurableModuleClass {}

/** A bucket as `@nestjs/throttler` says it: its size, and in how long it refills whole. */
function throttlerOf({ burst, tokensPerSecond }: TokenBucket): ThrottlerOptions {
  return { name: 'default', limit: burst, ttl: (burst / tokensPerSecond) * 1000 };
}
