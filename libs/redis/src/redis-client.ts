import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { CircuitBreaker } from '@app/resilience';
import { ANSWER_WITHIN_MS, leaveWhenSilent } from './answer-watch.js';
import { guardWith, probe } from './guarded-connection.js';
import { parseRedisAddress } from './redis-address.js';

/** A connection to a single Redis, the master behind Sentinel, or a Cluster. */
export type RedisClient = Redis | Cluster;

export interface RedisClientOptions {
  /** The longest that a command may wait for its answer; 100 ms unless given. */
  readonly answerWithinMs?: number;
  /** Makes the breaker of each server; without it calls go on however many fail. */
  readonly breakerFor?: (server: string, probe: () => Promise<void>) => CircuitBreaker;
}

const RECONNECT: RedisOptions = { connectTimeout: 2000, retryStrategy: (attempt) => Math.min(50 * attempt, 1000) };

/** A command without a connection fails at once, so that callers can degrade. */
const FAIL_FAST: RedisOptions = {
  ...RECONNECT,
  lazyConnect: true,
  enableOfflineQueue: false,
  enableAutoPipelining: true,
  maxRetriesPerRequest: 0,
};

/** Commands wait for the connection, however long: for readers that block, and what they must not miss. */
const PATIENT: RedisOptions = { ...RECONNECT, maxRetriesPerRequest: null };

/** Makes a client for ordinary commands, not connected yet. Commands of one tick share a round trip. */
export function createRedisClient(addr: string, options: RedisClientOptions = {}): RedisClient {
  return connectionTo(addr, FAIL_FAST, (redis, server) => protect(redis, server, options));
}

/** Makes a client for blocking reads; it connects by itself. */
export function createBlockingRedisClient(addr: string): RedisClient {
  return connectionTo(addr, PATIENT, () => undefined);
}

function connectionTo(
  addr: string,
  options: RedisOptions,
  prepare: (redis: Redis, server: string) => void,
): RedisClient {
  const address = parseRedisAddress(addr);
  if (address.kind === 'cluster') {
    const { lazyConnect = false, enableOfflineQueue = true, enableAutoPipelining = false, ...redisOptions } = options;
    const clusterOptions = { lazyConnect, enableOfflineQueue, enableAutoPipelining, redisOptions };
    const cluster = new Cluster([...address.nodes], clusterOptions);
    cluster.on('+node', (node: Redis) => prepare(node, `redis ${node.options.host}:${node.options.port}`));
    return cluster;
  }
  const redis =
    address.kind === 'single'
      ? new Redis(address.url, options)
      : new Redis({ ...options, sentinels: [...address.nodes], name: address.master });
  prepare(redis, 'redis');
  return redis;
}

function protect(
  redis: Redis,
  server: string,
  { answerWithinMs = ANSWER_WITHIN_MS, breakerFor }: RedisClientOptions,
): void {
  const stopWatching = leaveWhenSilent(redis, answerWithinMs);
  const breaker = breakerFor?.(server, () => probe(redis));
  if (breaker !== undefined) guardWith(redis, breaker);
  redis.once('end', () => {
    stopWatching();
    breaker?.stop();
  });
}
