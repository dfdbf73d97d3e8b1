import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseRedisAddress } from './redis-address.js';

/** A connection to a single Redis, the master behind Sentinel, or a Cluster. */
export type RedisClient = Redis | Cluster;

const RECONNECT: RedisOptions = { connectTimeout: 2000, retryStrategy: (attempt) => Math.min(50 * attempt, 1000) };

/** A command on a broken or frozen connection fails soon, so that callers can degrade. */
const FAIL_FAST: RedisOptions = {
  ...RECONNECT,
  lazyConnect: true,
  enableOfflineQueue: false,
  enableAutoPipelining: true,
  maxRetriesPerRequest: 0,
  commandTimeout: 500,
};

/** Commands wait for the connection, however long: for readers that block, and what they must not miss. */
const PATIENT: RedisOptions = { ...RECONNECT, maxRetriesPerRequest: null };

/** Makes a client for ordinary commands, not connected yet. Commands of one tick share a round trip. */
export function createRedisClient(addr: string): RedisClient {
  return connectionTo(addr, FAIL_FAST);
}

/** Makes a client for blocking reads; it connects by itself. */
export function createBlockingRedisClient(addr: string): RedisClient {
  return connectionTo(addr, PATIENT);
}

function connectionTo(addr: string, options: RedisOptions): RedisClient {
  const address = parseRedisAddress(addr);
  switch (address.kind) {
    case 'single':
      return new Redis(address.url, options);
    case 'sentinel':
      return new Redis({ ...options, sentinels: [...address.nodes], name: address.master });
    case 'cluster': {
      const { lazyConnect = false, enableOfflineQueue = true, enableAutoPipelining = false, ...redisOptions } = options;
      return new Cluster([...address.nodes], { lazyConnect, enableOfflineQueue, enableAutoPipelining, redisOptions });
    }
  }
}
