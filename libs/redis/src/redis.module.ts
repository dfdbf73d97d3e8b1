import { HealthRegistry } from '@app/observability';
import { Breakers } from '@app/resilience';
import { Inject, Logger, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { connectRedis } from './connect-redis.js';
import { createRedisClient, type RedisClient } from './redis-client.js';
import { ConfigurableModuleClass } from './redis.module-definition.js';
import { REDIS_OPTIONS, type RedisModuleOptions } from './redis.options.js';

/** The shared connection. Blocking reads and subscriptions duplicate it. */
export const REDIS_CLIENT = Symbol('REDIS_CLIENT');

const HEALTH_TIMEOUT_MS = 1000;

@Module({
  providers: [
    {
      provide: REDIS_CLIENT,
      inject: [REDIS_OPTIONS, Breakers],
      useFactory: async ({ addr }: RedisModuleOptions, breakers: Breakers) => {
        const client = createRedisClient(addr, { breakerFor: (server, probe) => breakers.create(server, probe) });
        await connectRedis(client, new Logger('Redis'));
        return client;
      },
    },
  ],
  exports: [REDIS_CLIENT, REDIS_OPTIONS],
})
export class RedisModule extends ConfigurableModuleClass implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(REDIS_CLIENT) private readonly client: RedisClient,
    private readonly health: HealthRegistry,
  ) {
    super();
  }

  onModuleInit(): void {
    this.health.register({
      name: 'redis',
      timeoutMs: HEALTH_TIMEOUT_MS,
      dispensable: true,
      check: () => this.client.ping(),
    });
  }

  onApplicationShutdown(): void {
    this.client.disconnect();
  }
}
