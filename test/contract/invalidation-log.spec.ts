import type { CacheStore, Invalidation, InvalidationLog } from '@app/cache';
import { MemoryInvalidationLog } from '@app/cache/memory';
import { RedisInvalidationLog } from '@app/cache/redis';
import { invalidationLogContract } from '@app/cache/testing';
import { eventually } from '../support/eventually.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { RedisServer } from '../support/redis-server.js';
import { cacheInstance, memorySubject, type CacheInstance, type RedisLog } from './cache-stores.js';
import { failuresOf } from './contract-runs.js';

const names = invalidationLogContract(async () => ({ log: {} as InvalidationLog, store: {} as CacheStore })).map(
  ({ name }) => name,
);

describe('MemoryInvalidationLog', () => {
  for (const { name, run } of invalidationLogContract(async () => memorySubject())) it(name, run);

  it('is caught by the contract when it forgets that it was cut short', async () => {
    class Forgetful extends MemoryInvalidationLog {
      override async read(position: string, waitMs: number) {
        return { ...(await super.read(position, waitMs)), gap: false };
      }
    }
    const cases = invalidationLogContract(async () => ({ ...memorySubject(), log: new Forgetful() }));
    expect(await failuresOf(cases)).toEqual([
      'has every invalidation, clearing and deletion of its store',
      'tells who has been away too long that something is missing',
      'takes a place in another log for a gap',
    ]);
  });
});

const on = (instance: CacheInstance, Log?: RedisLog) =>
  invalidationLogContract(async () => instance.subject(undefined, Log));

describe.each(['ioredis', 'redis-yet'] as const)('RedisInvalidationLog on %s', (client) => {
  let server: RedisServer;
  let instance: CacheInstance;
  beforeAll(async () => {
    server = await RedisServer.start();
    instance = await cacheInstance(server.addr, client);
  });
  afterAll(async () => {
    await instance.close();
    await server.stop();
  });

  for (const name of names)
    it(name, async () =>
      on(instance)
        .find((each) => each.name === name)
        ?.run(),
    );

  it('is read on where it was left when the connection was lost', async () => {
    const { log } = instance.subject();
    const start = await log.end();
    const invalidation: Invalidation = { tags: ['a'], names: [] };
    await log.append(invalidation);
    await server.killConnections();
    expect(await eventually(() => log.read(start, 10))).toMatchObject({ invalidations: [invalidation], gap: false });
  });

  it('has a gap when it was flushed, also before anything new was appended', async () => {
    const { log } = instance.subject();
    await eventually(() => log.append({ tags: ['a'], names: [] }));
    const start = await log.end();
    await server.flushAll();
    expect((await log.read(start, 10)).gap).toBe(true);
    await log.append({ tags: ['b'], names: [] });
    expect((await log.read(start, 10)).gap).toBe(true);
  });

  it('has a gap when the server is another, whatever it knows', async () => {
    const { log } = instance.subject();
    const start = await eventually(() => log.end());
    await server.kill();
    await server.restart();
    expect((await eventually(() => log.read(start, 10))).gap).toBe(true);
  });
});

describe('RedisInvalidationLog on a cluster of three', () => {
  let cluster: RedisCluster;
  let instance: CacheInstance;
  beforeAll(async () => {
    cluster = await RedisCluster.start();
    instance = await cacheInstance(cluster.addr);
  });
  afterAll(async () => {
    await instance.close();
    await cluster.stop();
  });

  for (const name of names)
    it(name, async () =>
      on(instance)
        .find((each) => each.name === name)
        ?.run(),
    );

  it('is caught by the contract when it does not see that it was cut short', async () => {
    class Blind extends RedisInvalidationLog {
      override async read(position: string, waitMs: number) {
        return { ...(await super.read(position, waitMs)), gap: false };
      }
    }
    expect(await failuresOf(on(instance, Blind))).toEqual([
      'tells who has been away too long that something is missing',
      'takes a place in another log for a gap',
    ]);
  });
});
