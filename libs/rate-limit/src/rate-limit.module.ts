import { Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { RateLimitStorage } from './rate-limit-storage.js';
import {
  ConfigurableModuleClass,
  RATE_LIMIT_OPTIONS,
  type RateLimitModuleOptions,
} from './rate-limit.module-definition.js';
import { ThrottlerStorageBridge } from './throttler-storage-bridge.js';

@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [RATE_LIMIT_OPTIONS, RateLimitStorage],
      useFactory: ({ requests }: RateLimitModuleOptions, storage: RateLimitStorage) => ({
        storage: new ThrottlerStorageBridge(storage),
        throttlers:
          requests === undefined
            ? []
            : [{ name: 'default', limit: requests.burst, ttl: (requests.burst / requests.tokensPerSecond) * 1000 }],
      }),
    }),
  ],
  exports: [RateLimitStorage, RATE_LIMIT_OPTIONS, ThrottlerModule],
})
export class RateLimitModule extends ConfigurableModuleClass {}
