import { Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { connectRedis } from './connect-redis.js';
import { createRedisClient, type RedisClient } from './redis-client.js';
import { ConfigurableModuleClass, REDIS_OPTIONS, type RedisModuleOptions } from './redis.module-definition.js';

/** The shared connection. Blocking reads and subscriptions duplicate it. */
export const REDIS_CLIENT = Symbol('REDIS_CLIENT');

@Module({
  providers: [
    {
      provide: REDIS_CLIENT,
      inject: [REDIS_OPTIONS],
      useFactory: async ({ addr }: RedisModuleOptions) => {
        const client = createRedisClient(addr);
        await connectRedis(client, new Logger('Redis'));
        return client;
      },
    },
  ],
  exports: [REDIS_CLIENT, REDIS_OPTIONS],
})
export class RedisModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(@Inject(REDIS_CLIENT) private readonly client: RedisClient) {
    super();
  }

  onApplicationShutdown(): void {
    this.client.disconnect();
  }
}
