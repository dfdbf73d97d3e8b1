import { setTimeout as sleep } from 'node:timers/promises';
import { SystemClock, type Clock } from '@app/clock';
import { ManualClock } from '@app/clock/testing';
import { RateLimitStorage, type RateLimitVerdict, type TokenBucket } from '@app/rate-limit';
import { MemoryRateLimitStorage } from '@app/rate-limit/memory';
import { RedisRateLimitStorage } from '@app/rate-limit/redis';
import { rateLimitStorageContract } from '@app/rate-limit/testing';
import { failuresOf, ownRedis, type OwnRedis } from './contract-runs.js';

const inMemory = (create: (clock: Clock) => RateLimitStorage) =>
  rateLimitStorageContract(async () => {
    const clock = new ManualClock();
    return { storage: create(clock), pass: async (ms) => clock.advance(ms) };
  });

describe('MemoryRateLimitStorage', () => {
  for (const { name, run } of inMemory((clock) => new MemoryRateLimitStorage(clock))) it(name, run);
});

/** A limiter with one flaw: `step` says what becomes of the time at which the bucket is full. */
abstract class Flawed extends RateLimitStorage {
  private readonly arrivals = new Map<string, number>();

  constructor(protected readonly clock: Clock) {
    super();
  }

  async take(key: string, { tokensPerSecond, burst }: TokenBucket, tokens = 1): Promise<RateLimitVerdict> {
    const intervalMs = 1000 / tokensPerSecond;
    const now = this.clock.now();
    const start = this.startOf(this.arrivals.get(key), now);
    const following = start + Math.min(tokens, burst) * intervalMs;
    const allowed = following - burst * intervalMs <= now;
    const arrival = allowed || this.chargesRefused ? following : start;
    this.arrivals.set(key, arrival);
    return {
      allowed,
      remaining: allowed ? Math.floor(burst - (following - now) / intervalMs) : 0,
      retryAfterMs: allowed ? 0 : Math.ceil(following - burst * intervalMs - now),
      resetMs: Math.ceil(arrival - now),
    };
  }

  protected readonly chargesRefused: boolean = false;
  protected startOf(arrival: number | undefined, now: number): number {
    return Math.max(arrival ?? now, now);
  }
}

describe('the rate limit contract catches, in memory,', () => {
  it('nothing in the flawed limiter while it has no flaw', async () => {
    class Flawless extends Flawed {}
    expect(await failuresOf(inMemory((clock) => new Flawless(clock)))).toEqual([]);
  });

  it('a limiter that charges refused requests', async () => {
    class Charging extends Flawed {
      protected override readonly chargesRefused = true;
    }
    expect(await failuresOf(inMemory((clock) => new Charging(clock)))).toEqual([
      'says when a refused request would pass, and keeps that word',
      'takes nothing for a refused request',
      'takes several tokens or none',
    ]);
  });

  it('a limiter that saves tokens up without bound', async () => {
    class Hoarding extends Flawed {
      protected override startOf(arrival: number | undefined, now: number) {
        return arrival ?? now;
      }
    }
    expect(await failuresOf(inMemory((clock) => new Hoarding(clock)))).toEqual([
      'lets no second burst through where a window would end',
      'never holds more than the burst, however long the pause',
    ]);
  });

  it('a limiter that lets a double burst through at the border of a window', async () => {
    class FixedWindow extends RateLimitStorage {
      private readonly windows = new Map<string, { endsAt: number; hits: number }>();

      constructor(private readonly clock: Clock) {
        super();
      }
      async take(key: string, { tokensPerSecond, burst }: TokenBucket, tokens = 1) {
        const now = this.clock.now();
        const open = this.windows.get(key);
        const window =
          open !== undefined && open.endsAt > now ? open : { endsAt: now + (burst / tokensPerSecond) * 1000, hits: 0 };
        this.windows.set(key, window);
        const allowed = window.hits + Math.min(tokens, burst) <= burst;
        window.hits += allowed ? Math.min(tokens, burst) : 0;
        const leftMs = window.endsAt - now;
        return {
          allowed,
          remaining: Math.max(0, burst - window.hits),
          retryAfterMs: allowed ? 0 : leftMs,
          resetMs: leftMs,
        };
      }
    }
    expect(await failuresOf(inMemory((clock) => new FixedWindow(clock)))).toEqual([
      'says when a refused request would pass, and keeps that word',
      'refills at the sustained rate, not at once',
      'lets no second burst through where a window would end',
      'takes nothing for a refused request',
      'says when the bucket is full again',
    ]);
  });

  it('a limiter that mixes keys', async () => {
    class OneForAll extends MemoryRateLimitStorage {
      override take(_key: string, bucket: TokenBucket, tokens?: number) {
        return super.take('everyone', bucket, tokens);
      }
    }
    expect(await failuresOf(inMemory((clock) => new OneForAll(clock)))).toEqual(['keeps keys apart']);
  });

  it('a limiter that reads and writes in two steps', async () => {
    class Racing extends RateLimitStorage {
      private readonly taken = new Map<string, number>();

      constructor(private readonly exact: RateLimitStorage) {
        super();
      }
      override async take(key: string, bucket: TokenBucket) {
        const taken = this.taken.get(key) ?? 0;
        await sleep(0);
        this.taken.set(key, taken + 1);
        const verdict = await this.exact.take(key, bucket);
        return taken < bucket.burst ? { ...verdict, allowed: true } : verdict;
      }
    }
    expect(await failuresOf(inMemory((clock) => new Racing(new MemoryRateLimitStorage(clock))))).toContain(
      'lets exactly the burst through at once',
    );
  });
});

const local = () => new MemoryRateLimitStorage(new SystemClock());

describe('with a real Redis,', () => {
  let redis: OwnRedis;
  const on = (create: () => RateLimitStorage) =>
    rateLimitStorageContract(async () => {
      await redis.client.flushall();
      return { storage: create(), pass: (ms) => sleep(ms) };
    });

  beforeAll(async () => {
    redis = await ownRedis();
  });
  afterAll(() => redis.close());

  describe('RedisRateLimitStorage', () => {
    for (const { name, run } of on(() => new RedisRateLimitStorage(redis.client, local()))) it(name, run);

    it('counts for all instances together', async () => {
      const instances = [1, 2, 3].map(() => new RedisRateLimitStorage(redis.client, local()));
      const bucket = { tokensPerSecond: 0.001, burst: 5 };
      const verdicts = await Promise.all(
        Array.from({ length: 30 }, async (_, index) => (instances[index % 3] as RateLimitStorage).take('all', bucket)),
      );
      expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(5);
    });
  });

  describe('the rate limit contract catches', () => {
    it('a limiter that mixes keys', async () => {
      class OneForAll extends RedisRateLimitStorage {
        override take(_key: string, bucket: TokenBucket, tokens?: number) {
          return super.take('everyone', bucket, tokens);
        }
      }
      expect(await failuresOf(on(() => new OneForAll(redis.client, local())))).toEqual(['keeps keys apart']);
    });

    it('a limiter that only ever limits within its own process', async () => {
      class Local extends RedisRateLimitStorage {
        override async take(key: string, bucket: TokenBucket) {
          return local().take(key, bucket);
        }
      }
      expect(await failuresOf(on(() => new Local(redis.client, local())))).toContain(
        'lets exactly the burst through at once',
      );
    });
  });
});
