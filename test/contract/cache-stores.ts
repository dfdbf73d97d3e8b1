import type { CacheStore, InvalidationLog } from '@app/cache';
import { MemoryCacheStore, MemoryInvalidationLog } from '@app/cache/memory';
import {
  CacheConnection,
  IoredisCacheRedis,
  RedisCacheStore,
  RedisInvalidationLog,
  type CacheRedis,
} from '@app/cache/redis';
import { RedisYetCacheRedis } from '@app/cache/redis-yet';
import { SystemClock } from '@app/clock';
import { ManualClock } from '@app/clock/testing';
import { createRedisClient } from '@app/redis';
import { eventually } from '../support/eventually.js';

/** A store and its log, as one instance has them. */
export interface CacheSubject {
  readonly store: CacheStore;
  readonly log: InvalidationLog;
}

export type MemoryStore = new (...args: ConstructorParameters<typeof MemoryCacheStore>) => CacheStore;

/** Stores of a process of their own, and the clock that they look at. */
export function memorySubject(Store: MemoryStore = MemoryCacheStore) {
  const clock = new ManualClock();
  const log = new MemoryInvalidationLog();
  return { store: new Store(clock, { maxMemoryBytes: 2_000_000 }, log), log, clock };
}

export type RedisStore = new (...args: ConstructorParameters<typeof RedisCacheStore>) => CacheStore;
export type RedisLog = new (...args: ConstructorParameters<typeof RedisInvalidationLog>) => InvalidationLog;

/** How the cache reaches Redis. */
export type CacheClient = 'ioredis' | 'redis-yet';

/** The connection of one instance to Redis. */
export interface CacheInstance {
  readonly connection: CacheConnection;
  subject(Store?: RedisStore, Log?: RedisLog): CacheSubject;
  close(): Promise<void>;
}

/** A busy machine is no outage. */
const PATIENT_MS = 20_000;

/** Connects as the product does, and waits until it knows who answers. */
export async function cacheInstance(addr: string, client: CacheClient = 'ioredis'): Promise<CacheInstance> {
  const { redis, close } = client === 'ioredis' ? await ioredis(addr) : redisYet(addr);
  const connection = new CacheConnection(redis);
  await connection.onModuleInit();
  await eventually(() => connection.name());
  return {
    connection,
    subject: (Store = RedisCacheStore, Log = RedisInvalidationLog) => ({
      store: new Store(connection, new SystemClock()),
      log: new Log(connection),
    }),
    close: async () => {
      await connection.onApplicationShutdown();
      close();
    },
  };
}

async function ioredis(addr: string): Promise<{ redis: CacheRedis; close: () => void }> {
  const shared = createRedisClient(addr, { answerWithinMs: PATIENT_MS });
  shared.on('error', () => undefined);
  await shared.connect();
  return { redis: new IoredisCacheRedis(shared, { addr }), close: () => shared.disconnect() };
}

function redisYet(addr: string): { redis: CacheRedis; close: () => void } {
  const redis = new RedisYetCacheRedis({ addr });
  redis.onModuleInit();
  return { redis, close: () => undefined };
}
