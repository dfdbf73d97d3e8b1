import { MemoryCacheStore, MemoryInvalidationLog } from '@app/cache/memory';
import { startCacheInstance, type CacheInstance } from '../support/cache-instance.js';
import { CountedThings } from '../support/counted-things.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.js';
import { RedisServer } from '../support/redis-server.js';

describe.each(['memory', 'redis'] as const)('CacheWrites with a %s store', (mode) => {
  let redis: RedisServer;
  let database: FreshDatabase;
  let instance: CacheInstance;
  let things: CountedThings;
  beforeAll(async () => {
    redis = await RedisServer.start();
    database = await freshDatabase();
    const servers = { databaseUrl: database.url, redisAddr: redis.addr };
    const memory = { store: MemoryCacheStore, log: MemoryInvalidationLog };
    instance = await startCacheInstance(servers, ...(mode === 'memory' ? [memory] : []));
    things = await CountedThings.create(instance);
  });
  afterAll(async () => {
    await instance.context.close();
    await redis.stop();
    await database.drop();
  });

  const owed = async () => (await instance.database.query('SELECT tags FROM cache_invalidations')).length;

  it('make what they touched be loaded again, and owe nothing afterwards', async () => {
    await things.put(instance, 'a', 1);
    expect(await things.read(instance, 'a')).toBe(1);
    await things.put(instance, 'a', 2);
    expect(await things.read(instance, 'a')).toBe(2);
    await eventually(async () => expect(await owed()).toBe(0));
  });

  it('leave everything as it was when they fail', async () => {
    await things.put(instance, 'b', 1);
    await things.read(instance, 'b');
    things.loads = 0;
    const failing = instance.writes.run(async (tx, touch) => {
      await tx.query(`UPDATE things SET value = 2 WHERE id = 'b'`);
      touch('thing:b');
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await things.read(instance, 'b')).toBe(1);
    expect(things.loads).toBe(0);
    expect(await owed()).toBe(0);
  });

  it('invalidate nothing before they are committed', async () => {
    await things.put(instance, 'c', 1);
    await things.read(instance, 'c');
    const written = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const writing = instance.writes.run(async (tx, touch) => {
      await tx.query(`UPDATE things SET value = 2 WHERE id = 'c'`);
      touch('thing:c');
      written.resolve();
      await gate.promise;
    });
    await written.promise;
    things.loads = 0;
    expect(await things.read(instance, 'c')).toBe(1);
    expect(things.loads).toBe(0);
    gate.resolve();
    await writing;
    expect(await things.read(instance, 'c')).toBe(2);
  });

  it('cost one statement where nothing is touched', async () => {
    expect(await instance.writes.run(async (tx) => tx.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    expect(await owed()).toBe(0);
  });

  if (mode === 'redis') {
    it('succeed while Redis is away, and are told to it before it is used again', async () => {
      await things.put(instance, 'd', 1);
      await things.read(instance, 'd');
      await redis.kill();
      await things.put(instance, 'd', 2);
      expect(await things.read(instance, 'd')).toBe(2);
      expect(await owed()).toBe(1);
      await redis.restart();
      await eventually(async () => expect(await owed()).toBe(0));
      expect(await things.read(instance, 'd')).toBe(2);
    });
  }
});
