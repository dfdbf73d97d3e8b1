import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { RedisServer } from './redis-server.js';

const SLOTS = 16_384;
const NODES = 3;

/** Three masters that share the hash slots, without replicas. */
export class RedisCluster {
  private constructor(readonly nodes: readonly RedisServer[]) {}

  /** Resolves once every node says that the cluster is whole. */
  static async start(): Promise<RedisCluster> {
    const args = ['--cluster-enabled', 'yes'];
    const nodes = await Promise.all(Array.from({ length: NODES }, () => RedisServer.start({ args })));
    const cluster = new RedisCluster(nodes);
    try {
      await cluster.join();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** As `REDIS_ADDR`. */
  get addr(): string {
    return `redis+cluster://${this.nodes.map(({ addr }) => addr).join(',')}`;
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  private async join(): Promise<void> {
    const clients = this.nodes.map(({ port }) => new Redis({ host: '127.0.0.1', port }));
    try {
      const share = Math.ceil(SLOTS / NODES);
      for (const [index, client] of clients.entries()) {
        const [first, last] = [index * share, Math.min((index + 1) * share, SLOTS) - 1];
        await client.cluster('ADDSLOTSRANGE', first, last);
        if (index > 0) await client.cluster('MEET', '127.0.0.1', this.nodes[0]?.port ?? 0);
      }
      await eventually(async () => {
        for (const client of clients) {
          const info = await client.cluster('INFO');
          if (!info.includes('cluster_state:ok') || !info.includes(`cluster_known_nodes:${NODES}`)) {
            throw new Error(info);
          }
        }
      }, 30_000);
    } finally {
      for (const client of clients) client.disconnect();
    }
  }
}
