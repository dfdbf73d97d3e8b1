import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseRedisAddress } from './redis-address.js';

/** A connection to a single Redis, the master behind Sentinel, or a Cluster. */
export type RedisClient = Redis | Cluster;

const OPTIONS: RedisOptions = {
  lazyConnect: true,
  // A command on a broken connection fails at once, so that callers can degrade.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 500,
  connectTimeout: 2000,
  retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
};

/** Makes a client that is not connected yet. Commands of one tick share a round trip. */
export function createRedisClient(addr: string, overrides: RedisOptions = {}): RedisClient {
  const address = parseRedisAddress(addr);
  const options = { ...OPTIONS, enableAutoPipelining: true, ...overrides };
  switch (address.kind) {
    case 'single':
      return new Redis(address.url, options);
    case 'sentinel':
      return new Redis({ ...options, sentinels: [...address.nodes], name: address.master });
    case 'cluster':
      return new Cluster([...address.nodes], {
        lazyConnect: true,
        enableOfflineQueue: false,
        enableAutoPipelining: true,
        redisOptions: options,
      });
  }
}
