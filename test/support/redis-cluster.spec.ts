import { Cluster } from 'ioredis';
import { RedisCluster } from './redis-cluster.js';

describe('RedisCluster', () => {
  it('spreads keys over three servers, and any of them shows the way', async () => {
    const cluster = await RedisCluster.start();
    const client = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })));
    try {
      const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`);
      await Promise.all(keys.map((key) => client.set(key, key)));
      expect(await Promise.all(keys.map((key) => client.get(key)))).toEqual(keys);
      const sizes = await Promise.all(client.nodes('master').map((node) => node.dbsize()));
      expect(sizes.filter((size) => size > 0)).toHaveLength(3);
    } finally {
      client.disconnect();
      await cluster.stop();
    }
  });
});
