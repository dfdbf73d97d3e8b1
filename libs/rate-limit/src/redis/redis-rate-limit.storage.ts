import { REDIS_CLIENT, RedisScript, type RedisClient } from '@app/redis';
import { Inject, Injectable } from '@nestjs/common';
import { MemoryRateLimitStorage } from '../memory/index.js';
import { RateLimitStorage, type RateLimitVerdict, type TokenBucket } from '../rate-limit-storage.js';

/** `gcra()` on the server's clock. Numbers leave Lua as text, or they would lose their fraction. */
const TAKE = new RedisScript<[number, string, string, string]>(`
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local interval = 1000 / tonumber(ARGV[1])
local start = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local following = start + interval
local earliest = start - (tonumber(ARGV[2]) - 1) * interval
if earliest > now then
  return { 0, '0', tostring(math.ceil(earliest - now)), tostring(math.ceil(start - now)) }
end
redis.call('SET', KEYS[1], string.format('%.3f', following), 'PX', math.ceil(following - now) + 1000)
return { 1, tostring(math.floor((now - earliest) / interval + 1e-3)), '0', tostring(math.ceil(following - now)) }
`);

@Injectable()
export class RedisRateLimitStorage extends RateLimitStorage {
  constructor(
    @Inject(REDIS_CLIENT) private readonly redis: RedisClient,
    private readonly local: MemoryRateLimitStorage,
  ) {
    super();
  }

  async take(key: string, bucket: TokenBucket): Promise<RateLimitVerdict> {
    try {
      const [allowed, remaining, retryAfterMs, resetMs] = await TAKE.run(
        this.redis,
        [`rl:{${key}}`],
        [bucket.tokensPerSecond, bucket.burst],
      );
      return {
        allowed: allowed === 1,
        remaining: Number(remaining),
        retryAfterMs: Number(retryAfterMs),
        resetMs: Number(resetMs),
      };
    } catch {
      return this.local.take(key, bucket);
    }
  }
}
