import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseRedisAddress } from './redis-address.js';

/** A connection to a single Redis, the master behind Sentinel, or a Cluster. */
export type RedisClient = Redis | Cluster;

const RECONNECT: RedisOptions = { connectTimeout: 2000, retryStrategy: (attempt) => Math.min(50 * attempt, 1000) };

/** What ioredis says of a command that had no answer within `commandTimeout`. */
const TIMED_OUT = 'Command timed out';

/** A command on a broken or frozen connection fails soon, so that callers can degrade. */
const FAIL_FAST: RedisOptions = {
  ...RECONNECT,
  lazyConnect: true,
  enableOfflineQueue: false,
  enableAutoPipelining: true,
  maxRetriesPerRequest: 0,
  commandTimeout: 250,
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
      return givesUpWhenFrozen(new Redis(address.url, options));
    case 'sentinel':
      return givesUpWhenFrozen(new Redis({ ...options, sentinels: [...address.nodes], name: address.master }));
    case 'cluster': {
      const { lazyConnect = false, enableOfflineQueue = true, enableAutoPipelining = false, ...redisOptions } = options;
      const clusterOptions = { lazyConnect, enableOfflineQueue, enableAutoPipelining, redisOptions };
      const cluster = new Cluster([...address.nodes], clusterOptions);
      cluster.on('+node', givesUpWhenFrozen);
      return cluster;
    }
  }
}

/**
 * Leaves a server that let a command time out, and connects again: until it answers the greeting of the new connection,
 * commands fail at once instead of each waiting its own timeout.
 */
function givesUpWhenFrozen(redis: Redis): Redis {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, ...more) => {
    const reply = send(command, ...more);
    command.promise.catch((error: Error) => {
      if (error.message === TIMED_OUT && redis.status === 'ready') redis.disconnect(true);
    });
    return reply;
  };
  return redis;
}
