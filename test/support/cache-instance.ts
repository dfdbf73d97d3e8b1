import { CacheModule, CacheService, CacheStore, CacheWrites, InvalidationLog, type CacheAdapter } from '@app/cache';
import { ClockModule } from '@app/clock';
import { Database, DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { ObservabilityModule } from '@app/observability';
import { RedisModule } from '@app/redis';
import { ResilienceModule } from '@app/resilience';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { migrations } from '../../apps/api/src/migrations.js';
import { cacheOnRedis } from '../../apps/api/src/redis-stores.js';

/** The cache of one process, on real servers, without HTTP. */
export interface CacheInstance {
  readonly context: INestApplicationContext;
  readonly cache: CacheService;
  readonly writes: CacheWrites;
  readonly store: CacheStore;
  readonly log: InvalidationLog;
  readonly database: Database;
}

export interface CacheServers {
  readonly databaseUrl: string;
  readonly redisAddr: string;
}

// oxlint-disable-next-line typescript/no-extraneous-class -- Nest asks for a class, with nothing in it
class CacheInstanceModule {}

/** @param adapter in Redis unless given */
export async function startCacheInstance(
  { databaseUrl, redisAddr }: CacheServers,
  adapter: CacheAdapter = cacheOnRedis('ioredis'),
): Promise<CacheInstance> {
  const context = await NestFactory.createApplicationContext(
    {
      module: CacheInstanceModule,
      imports: [
        ClockModule,
        ObservabilityModule,
        ResilienceModule,
        DatabaseModule.forRoot({
          address: { url: databaseUrl },
          poolMin: 2,
          poolMax: 10,
          acquireTimeoutMs: 5000,
          statementTimeoutMs: 10_000,
          migrations,
          migrateOnStart: true,
        }),
        RedisModule.forRoot({ addr: redisAddr }),
        JobsModule.forRoot({ migrateOnStart: true, drainTimeoutMs: 1000, alone: false }),
        CacheModule.forRoot({
          enabled: true,
          defaultTtlMs: 600_000,
          httpTtlMs: 600_000,
          maxMemoryBytes: 16_000_000,
          maxValueBytes: 1_000_000,
          adapter,
        }),
      ],
    },
    { logger: false, abortOnError: false },
  );
  return {
    context,
    cache: context.get(CacheService),
    writes: context.get(CacheWrites),
    store: context.get(CacheStore),
    log: context.get(InvalidationLog, { strict: false }),
    database: context.get(Database),
  };
}
