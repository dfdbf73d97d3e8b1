import { SystemClock } from '@app/clock';
import { MemoryRateLimitStorage } from '@app/rate-limit/memory';
import { RedisRateLimitStorage } from '@app/rate-limit/redis';
import { ownRedis, type OwnRedis } from './contract-runs.js';

const BUCKET = { tokensPerSecond: 0.001, burst: 9 };

async function admitted(storage: RedisRateLimitStorage): Promise<number> {
  const verdicts = [];
  while (verdicts.length < 20) verdicts.push(await storage.take('key', BUCKET));
  return verdicts.filter(({ allowed }) => allowed).length;
}

describe('a rate limit whose Redis is away', () => {
  let redis: OwnRedis;
  const started: RedisRateLimitStorage[] = [];
  beforeEach(async () => {
    redis = await ownRedis({ patient: false });
  });
  afterEach(async () => {
    for (const storage of started.splice(0)) await storage.onApplicationShutdown();
    await redis.close();
  });

  async function instance(): Promise<RedisRateLimitStorage> {
    const storage = new RedisRateLimitStorage(redis.client, new MemoryRateLimitStorage(new SystemClock()));
    await storage.onModuleInit();
    started.push(storage);
    return storage;
  }

  it('is as it was for an instance alone', async () => {
    const alone = await instance();
    await redis.server.kill();
    expect(await admitted(alone)).toBe(9);
  });

  it('is shared out among the instances there were', async () => {
    await instance();
    await instance();
    const third = await instance();
    await redis.server.kill();
    expect(await admitted(third)).toBe(3);
  });

  it('leaves nothing to an instance that has stopped', async () => {
    const first = await instance();
    await first.onApplicationShutdown();
    const second = await instance();
    await redis.server.kill();
    expect(await admitted(second)).toBe(9);
  });

  it('lets one request through even where many share a small bucket', async () => {
    for (let count = 0; count < 4; count += 1) await instance();
    const last = await instance();
    await redis.server.kill();
    expect((await last.take('small', { tokensPerSecond: 0.001, burst: 2 })).allowed).toBe(true);
  });
});
