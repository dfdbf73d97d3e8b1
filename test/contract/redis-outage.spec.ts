/* oxlint-disable unicorn/no-array-fill-with-reference-type -- `fill` is the port's, not an array's */
import type { NewEntry } from '@app/cache';
import { CacheConnection, IoredisCacheRedis, RedisCacheStore, RedisInvalidationLog } from '@app/cache/redis';
import { SystemClock } from '@app/clock';
import { UnavailableError } from '@app/errors';
import { RedisRateLimitStorage } from '@app/rate-limit/redis';
import { MemoryRateLimitStorage } from '@app/rate-limit/memory';
import { RedisScript } from '@app/redis';
import { RedisSessionStore, RedisTokenBlacklist } from '@app/sessions/redis';
import { eventually } from '../support/eventually.js';
import { ownRedis, readiness, type OwnRedis } from './contract-runs.js';

const clock = new SystemClock();
const session = { userId: 'u', sessionId: 's', epoch: 0 };
const activity = { sessionId: 's', seenAt: 1, ip: '203.0.113.7', generation: 0 };
const key = { name: 'n:k', tags: ['t'] };
const lease = { nonce: 'n', tagVersions: [] };
const entry: NewEntry = { kind: 'value', bytes: Buffer.from('v'), freshMs: 1000, staleMs: 0, loadMs: 0 };

let redis: OwnRedis;
let connection: CacheConnection;
beforeEach(async () => {
  redis = await ownRedis({ patient: false });
  connection = new CacheConnection(new IoredisCacheRedis(redis.client, { addr: redis.server.addr }));
  await connection.onModuleInit();
});
afterEach(async () => {
  await connection.onApplicationShutdown();
  await redis.close();
});

/** The ledger believes the projection. */
const projection = {
  current: () => ({ generation: 1, incarnation: undefined as never }),
  claim: async () => undefined,
};

/** Every method of every Redis adapter whose port promises `UnavailableError`. */
function refusals(): Record<string, () => Promise<unknown>> {
  const cache = new RedisCacheStore(connection, clock);
  const log = new RedisInvalidationLog(connection);
  const blacklist = new RedisTokenBlacklist(redis.client, projection, { accessTtlMs: 600_000 });
  const sessions = new RedisSessionStore(redis.client);
  return {
    'CacheStore.lookup': () => cache.lookup(key),
    'CacheStore.fill': () => cache.fill(key, lease, entry),
    'CacheStore.release': () => cache.release(key, lease),
    'CacheStore.get': () => cache.get(key),
    'CacheStore.set': () => cache.set(key, entry),
    'CacheStore.delete': () => cache.delete([key.name]),
    'CacheStore.lease': () => cache.lease(key),
    'CacheStore.getMany': () => cache.getMany([key, key]),
    'CacheStore.scan': () => cache.scan({}, undefined, 10),
    'CacheStore.invalidate': () => cache.invalidate(['a', 'b']),
    'CacheStore.clear': () => cache.clear('n'),
    'InvalidationLog.append': () => log.append({ tags: ['t'], names: [] }),
    'InvalidationLog.end': () => log.end(),
    'TokenBlacklist.check': () => blacklist.check(session),
    'TokenBlacklist.lease': () => blacklist.lease(session),
    'TokenBlacklist.fill': () => blacklist.fill(session, { nonce: 'n' }, { revoked: false, epoch: 0 }),
    'TokenBlacklist.announce': () => blacklist.announce({ userId: 'u', epoch: 1 }),
    'TokenBlacklist.announce one': () => blacklist.announce({ userId: 'u', sessionIds: ['s'] }),
    'TokenBlacklist.confirm': () => blacklist.confirm({ userId: 'u', epoch: 1 }),
    'TokenBlacklist.confirm one': () => blacklist.confirm({ userId: 'u', sessionIds: ['s'] }),
    'SessionStore.record': () => sessions.record(activity),
    'SessionStore.recent': () => sessions.recent(['s']),
    'SessionStore.drain': () => sessions.drain(10),
  };
}

/** What the methods do: `UnavailableError` within a second is what their ports promise. */
async function outcomes(methods: Record<string, () => Promise<unknown>>) {
  const startedAt = performance.now();
  const settled = await Promise.all(
    Object.entries(methods).map(async ([name, method]) => {
      try {
        await method();
        return [name, 'answered'] as const;
      } catch (error) {
        const late = performance.now() - startedAt > 1000;
        return [name, `${error instanceof UnavailableError ? 'unavailable' : String(error)}${late ? ', late' : ''}`];
      }
    }),
  );
  return Object.fromEntries(settled) as Record<string, string>;
}

const allUnavailable = () => Object.fromEntries(Object.keys(refusals()).map((name) => [name, 'unavailable']));

describe('when Redis is gone', () => {
  it('every method says so within a second after a kill', async () => {
    const methods = refusals();
    await redis.server.kill();
    expect(await outcomes(methods)).toEqual(allUnavailable());
  });

  it('every method says so within a second while the server is frozen', async () => {
    const methods = refusals();
    await redis.server.pause();
    try {
      expect(await outcomes(methods)).toEqual(allUnavailable());
    } finally {
      await redis.server.resume();
    }
  });

  it('every method answers again once the server is back', async () => {
    const methods = refusals();
    await redis.server.kill();
    await outcomes(methods);
    await redis.server.restart();
    await readiness(redis.client);
    await eventually(() => connection.name());
    expect(new Set(Object.values(await outcomes(methods)))).toEqual(new Set(['answered']));
  });

  it('limits go on within the process, and none is let off', async () => {
    const storage = new RedisRateLimitStorage(redis.client, new MemoryRateLimitStorage(clock));
    await redis.server.kill();
    const startedAt = performance.now();
    const bucket = { tokensPerSecond: 0.001, burst: 3 };
    const verdicts = await Promise.all(Array.from({ length: 10 }, () => storage.take('k', bucket)));
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(3);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

describe('RedisScript', () => {
  const echo = new RedisScript<[string, string]>('return { KEYS[1], ARGV[1] }');

  it('is sent again after SCRIPT FLUSH', async () => {
    await echo.run(redis.client, ['k'], ['before']);
    await redis.client.script('FLUSH');
    expect(await echo.run(redis.client, ['k'], ['after'])).toEqual(['k', 'after']);
  });

  it('is sent again after a restart', async () => {
    await echo.run(redis.client, ['k'], ['before']);
    await redis.server.restart();
    await readiness(redis.client);
    expect(await echo.run(redis.client, ['k'], ['after'])).toEqual(['k', 'after']);
  });

  it('goes over the wire by its hash once the server knows it', async () => {
    for (let i = 0; i < 5; i += 1) await echo.run(redis.client, ['k'], [i]);
    const stats = await redis.client.info('commandstats');
    expect(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]).toBe('5');
    expect(/cmdstat_eval:calls=(\d+)/.exec(stats)?.[1]).toBe('1');
  });

  it('an error in the script is not taken for a script the server does not know', async () => {
    const broken = new RedisScript("return redis.error_reply('broken on purpose')");
    await expect(broken.run(redis.client, ['k'], [])).rejects.toMatchObject({
      code: 'redis.unavailable',
      cause: { message: expect.stringContaining('broken on purpose') as string },
    });
  });
});
