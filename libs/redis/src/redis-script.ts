import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-client.js';
import { fromRedis } from './redis-errors.js';

/** A Lua script, sent whole only when the server does not know it (first use, restart, SCRIPT FLUSH). */
export class RedisScript<Reply> {
  private readonly sha: string;

  constructor(private readonly lua: string) {
    this.sha = createHash('sha1').update(lua).digest('hex');
  }

  /** Runs atomically over `keys`, which must share a hash slot. */
  run(client: RedisClient, keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<Reply> {
    return fromRedis(this.evaluate(client, keys, args));
  }

  private async evaluate(
    client: RedisClient,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<Reply> {
    try {
      return (await client.evalsha(this.sha, keys.length, ...keys, ...args)) as Reply;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
      return (await client.eval(this.lua, keys.length, ...keys, ...args)) as Reply;
    }
  }
}
