import { fromRedis, REDIS_CLIENT, RedisScript, type RedisClient } from '@app/redis';
import { Inject, Injectable } from '@nestjs/common';
import { SessionStore, type SessionActivity } from '../session-store.js';

const KEY = 'session:activity';

const RECORD = new RedisScript<number>(`
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and tonumber(cjson.decode(known).seenAt) >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`);
const DRAIN = new RedisScript<string[]>(`
local taken = {}
for _, id in ipairs(redis.call('HRANDFIELD', KEYS[1], ARGV[1])) do
  taken[#taken + 1] = redis.call('HGET', KEYS[1], id)
  redis.call('HDEL', KEYS[1], id)
end
return taken
`);

@Injectable()
export class RedisSessionStore extends SessionStore {
  constructor(@Inject(REDIS_CLIENT) private readonly redis: RedisClient) {
    super();
  }

  async record(activity: SessionActivity): Promise<void> {
    await RECORD.run(this.redis, [KEY], [activity.sessionId, activity.seenAt, JSON.stringify(activity)]);
  }

  async recent(sessionIds: readonly string[]): Promise<SessionActivity[]> {
    if (sessionIds.length === 0) return [];
    const found = await fromRedis(this.redis.hmget(KEY, ...sessionIds));
    return found.flatMap((text) => (text === null ? [] : [JSON.parse(text) as SessionActivity]));
  }

  async drain(limit: number): Promise<SessionActivity[]> {
    const taken = await DRAIN.run(this.redis, [KEY], [limit]);
    return taken.map((text) => JSON.parse(text) as SessionActivity);
  }
}
