import type { CacheStore } from '@app/cache';
import { CacheKeyvStore } from '@app/cache/keyv';
import { MemoryCacheStore, MemoryInvalidationLog } from '@app/cache/memory';
import { SystemClock } from '@app/clock';
import keyvTestSuite, { keyvIteratorTests } from '@keyv/test-suite';
import { Keyv } from 'keyv';
import { RedisServer } from '../support/redis-server.js';
import { cacheInstance, type CacheClient, type CacheInstance } from './cache-stores.js';

/** The suite is written for another runner: it wants `expect` from the test's context. */
const runner = {
  it: (name: string, run: (context: { expect: typeof expect }) => unknown) =>
    it(name, async () => {
      await run({ expect });
    }),
  beforeEach,
  afterEach,
};

function runWhole(store: () => CacheStore): void {
  // One view for a test run, as the suite's own adapters are: it sets options on what it gets.
  let view: CacheKeyvStore | undefined;
  const viewOf = () => (view ??= new CacheKeyvStore(store()));
  const fresh = () => new CacheKeyvStore(store());
  keyvTestSuite(runner, Keyv, (() => Object.assign(fresh(), { opts: viewOf().opts })) as never);
  keyvIteratorTests(runner, Keyv, fresh as never);
}

describe('the Keyv view of memory', () => {
  const store = new MemoryCacheStore(new SystemClock(), { maxMemoryBytes: 1_000_000 }, new MemoryInvalidationLog());
  runWhole(() => store);
});

describe.each<CacheClient>(['ioredis', 'redis-yet'])('the Keyv view of Redis on %s', (client) => {
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
  runWhole(() => instance.subject().store);
});

describe('clearing the Keyv view', () => {
  it('leaves everything else in the store alone', async () => {
    const store = new MemoryCacheStore(new SystemClock(), { maxMemoryBytes: 1_000_000 }, new MemoryInvalidationLog());
    const other = { name: 'exams:list', tags: [] };
    await store.set(other, { kind: 'value', bytes: Buffer.from('v'), freshMs: 60_000, staleMs: 0, loadMs: 0 });
    const keyv = new Keyv({ store: new CacheKeyvStore(store), namespace: 'a' });
    await keyv.set('k', 1);
    await keyv.clear();
    expect(await keyv.get('k')).toBeUndefined();
    expect((await store.get(other))?.bytes.toString()).toBe('v');
  });
});
