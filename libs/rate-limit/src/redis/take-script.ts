import type { RateLimitVerdict, TokenBucket } from '../rate-limit-storage.js';

/**
 * `gcra()` in Lua, on the server's clock, as a function `take(key, tokens a second, burst, tokens)` for scripts. It
 * gives a text for `readVerdict`: one reply is cheaper than four, and numbers leave Lua without their fraction. Times
 * are kept with all their digits, or now and then a verdict would be another than in memory.
 */
export const TAKE_IN_LUA = `
local function take(key, rate, burst, tokens)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + time[2] / 1000
  local interval = 1000 / tonumber(rate)
  local start = math.max(tonumber(redis.call('GET', key) or now), now)
  local earliest = start - (tonumber(burst) - tonumber(tokens)) * interval
  if earliest > now then
    return string.format('0 0 %d %d', math.ceil(earliest - now), math.ceil(start - now))
  end
  local following = start + tonumber(tokens) * interval
  redis.call('SET', key, string.format('%.17g', following), 'PX', math.ceil(following - now) + 1000)
  return string.format('1 %d 0 %d', math.floor((now - earliest) / interval + 1e-3), math.ceil(following - now))
end
`;

/** What `take` is given in Lua. */
export function takeArguments({ tokensPerSecond, burst }: TokenBucket, tokens: number): [number, number, number] {
  return [tokensPerSecond, burst, Math.min(tokens, burst)];
}

/** Reads what `take` gave in Lua. */
export function readVerdict(text: string): RateLimitVerdict {
  const [allowed, remaining, retryAfterMs, resetMs] = text.split(' ');
  return {
    allowed: allowed === '1',
    remaining: Number(remaining),
    retryAfterMs: Number(retryAfterMs),
    resetMs: Number(resetMs),
  };
}

/** Where a bucket is in Redis. */
export const bucketKey = (key: string) => `rl:${key}`;
