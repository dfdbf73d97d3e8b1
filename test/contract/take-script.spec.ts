import { gcraSchedules, type Taking } from '@app/rate-limit/testing';
import { ManualClock } from '@app/clock/testing';
import type { RateLimitVerdict } from '@app/rate-limit';
import { MemoryRateLimitStorage } from '@app/rate-limit/memory';
import { readVerdict, TAKE_IN_LUA, takeArguments } from '@app/rate-limit/redis';
import fc from 'fast-check';
import { ownRedis, type OwnRedis } from './contract-runs.js';

/** The same script, with the server's clock for the test to set. */
const AT = TAKE_IN_LUA.replace("redis.call('TIME')", 'at');
const script = (take: string) => `
local at = { tonumber(ARGV[4]), tonumber(ARGV[5]) }
${take}
return take(KEYS[1], ARGV[1], ARGV[2], ARGV[3])`;

function inMemory({ bucket, takes }: Taking): RateLimitVerdict[] {
  const clock = new ManualClock();
  const storage = new MemoryRateLimitStorage(clock);
  return takes.map(({ atMs, tokens }) => {
    clock.advance(atMs - clock.now());
    return storage.take('key', bucket, tokens);
  });
}

describe('the bucket in Redis', () => {
  let redis: OwnRedis;
  let keys = 0;
  beforeAll(async () => {
    redis = await ownRedis();
  });
  afterAll(() => redis.close());

  async function inRedis(lua: string, { bucket, takes }: Taking): Promise<RateLimitVerdict[]> {
    const key = `taken:${(keys += 1)}`;
    const verdicts: RateLimitVerdict[] = [];
    for (const { atMs, tokens } of takes) {
      const time = [Math.floor(atMs / 1000), (atMs % 1000) * 1000];
      const reply = await redis.client.eval(script(lua), 1, key, ...takeArguments(bucket, tokens), ...time);
      verdicts.push(readVerdict(reply as string));
    }
    return verdicts;
  }

  it('says what the one in memory says, at every step of every sequence', async () => {
    expect(AT).not.toContain('TIME');
    await fc.assert(
      fc.asyncProperty(gcraSchedules, async (taking) => {
        expect(await inRedis(AT, taking)).toEqual(inMemory(taking));
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('and that property sees a script that rounds its times', async () => {
    const rounding = AT.replace('%.17g', '%.3f');
    expect(rounding).not.toBe(AT);
    const { failed } = await fc.check(
      fc.asyncProperty(gcraSchedules, async (taking) => {
        expect(await inRedis(rounding, taking)).toEqual(inMemory(taking));
      }),
      { numRuns: 200 },
    );
    expect(failed).toBe(true);
  }, 60_000);
});
