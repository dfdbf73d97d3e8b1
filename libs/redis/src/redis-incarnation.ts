import { createHash } from 'node:crypto';
import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './redis-client.js';
import { fromRedis } from './redis-errors.js';
import type { ConnectionWatch, IdentifiableServer } from './server-identity.js';

/** The server, or all nodes of the cluster, that a client is connected to. */
export function serverOf(client: RedisClient): IdentifiableServer {
  return {
    get isReady() {
      return client.status === 'ready';
    },
    watch: (watch) => watchConnection(client, watch),
    incarnation: () => incarnationOf(client),
  };
}

/** Watches a connection: that of a single server, or those to all nodes of a cluster. */
function watchConnection(client: RedisClient, { onLost, onReady }: ConnectionWatch): void {
  const watch = (connection: RedisClient) => {
    connection.on('close', onLost);
    connection.on('end', onLost);
    connection.on('ready', onReady);
  };
  watch(client);
  if (!(client instanceof Cluster)) return;
  const watchNode = (node: Redis) => {
    watch(node);
    onLost();
    onReady();
  };
  client.nodes('all').forEach(watchNode);
  client.on('+node', watchNode);
  client.on('-node', () => {
    onLost();
    onReady();
  });
}

/**
 * Names the server processes that hold the data now. A server that was restarted or replaced by a replica has another
 * name; what it holds may be older than what was written.
 */
async function incarnationOf(client: RedisClient): Promise<string> {
  const masters = client instanceof Cluster ? client.nodes('master') : [client];
  const runIds = await fromRedis(Promise.all(masters.map((master) => runIdOf(master))));
  const name = runIds.toSorted().join(' ');
  return masters.length === 1 ? name : createHash('sha256').update(name).digest('hex');
}

async function runIdOf(master: Redis): Promise<string> {
  const runId = /run_id:(\w+)/.exec(await master.info('server'))?.[1];
  if (runId === undefined) throw new Error('Redis does not tell its run_id');
  return runId;
}
