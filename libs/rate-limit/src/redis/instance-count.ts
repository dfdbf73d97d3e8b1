import { randomUUID } from 'node:crypto';
import { RedisScript, type RedisClient } from '@app/redis';

const KEY = 'rl:instances';
const BEAT_EVERY_MS = 5_000;
/** An instance that said nothing for so long is gone. */
const GONE_AFTER_MS = 20_000;

/** KEYS instances; ARGV id, milliseconds until it counts as gone. Times are the server's. */
const BEAT = new RedisScript<number>(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
`);

/** How many instances share the buckets: as many as said so lately. */
export class InstanceCount {
  private readonly id = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private known = 1;

  constructor(private readonly redis: RedisClient) {}

  /** Of when Redis was last there; at least one. */
  get current(): number {
    return this.known;
  }

  async start(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => void this.beat(), BEAT_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.redis.zrem(KEY, this.id).catch(() => undefined);
  }

  /** Says that this instance is there. Without Redis the number stays what it was. */
  private async beat(): Promise<void> {
    this.known = await BEAT.run(this.redis, [KEY], [this.id, GONE_AFTER_MS]).catch(() => this.known);
  }
}
