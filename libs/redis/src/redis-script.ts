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
    const reply = client.evalsha(this.sha, keys.length, ...keys, ...args) as Promise<Reply>;
    return fromRedis(reply.catch((error: unknown) => this.introduce(error, client, [...keys, ...args], keys.length)));
  }

  /** Sends the text to a server that does not know it. */
  private introduce(
    error: unknown,
    client: RedisClient,
    values: readonly (string | number | Buffer)[],
    keyCount: number,
  ): Promise<Reply> {
    if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
    return client.eval(this.lua, keyCount, ...values) as Promise<Reply>;
  }
}
