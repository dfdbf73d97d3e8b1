import { randomUUID } from 'node:crypto';
import { fromRedis, REDIS_CLIENT, RedisScript, type RedisClient } from '@app/redis';
import { Inject, Injectable } from '@nestjs/common';
import type { SessionRef } from '../session.js';
import { SESSIONS_OPTIONS, type SessionsOptions } from '../sessions.options.js';
import {
  ACTIVE_TTL_MS,
  LEASE_TTL_MS,
  PENDING_TTL_MS,
  TokenBlacklist,
  TOMBSTONE_MARGIN_MS,
  type AccessRef,
  type AccessVerdict,
  type ProjectionLease,
  type RevocationTarget,
  type SessionStanding,
} from '../token-blacklist.js';

const PENDING = 'P';
const ACTIVE = 'A';
const REVOKED = 'R';

/** KEYS lease, user, session; ARGV nonce, ttl. */
const LEASE = new RedisScript<number>(`
for i = 2, 3 do
  if string.sub(redis.call('GET', KEYS[i]) or '', 1, 1) == 'P' then return 0 end
end
return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0
`);
/** KEYS lease, user, session; ARGV nonce, epoch, state, ttl. */
const FILL = new RedisScript<number>(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[4])
redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[4])
return 1
`);
/** KEYS lease, user; ARGV value, ttl, epoch. What a later revocation said stays, whichever is confirmed first. */
const MARK_USER = new RedisScript<number>(`
redis.call('DEL', KEYS[1])
local known = string.gsub(redis.call('GET', KEYS[2]) or '-1', '^P', '')
if tonumber(known) <= tonumber(ARGV[3]) then redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2]) end
return 1
`);
/** KEYS lease, then sessions; ARGV value, ttl. */
const MARK = new RedisScript<number>(`
redis.call('DEL', KEYS[1])
for i = 2, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
return 1
`);

/** One projection for every instance. All keys of a user share a hash slot. */
@Injectable()
export class RedisTokenBlacklist extends TokenBlacklist {
  constructor(
    @Inject(REDIS_CLIENT) private readonly redis: RedisClient,
    @Inject(SESSIONS_OPTIONS) private readonly options: Pick<SessionsOptions, 'accessTtlMs'>,
  ) {
    super();
  }

  async check({ userId, sessionId, epoch }: AccessRef): Promise<AccessVerdict> {
    const [user, session] = await fromRedis(this.redis.mget(userKey(userId), sessionKey(userId, sessionId)));
    if (session === REVOKED) return 'revoked';
    if (user === null || user === undefined || user.startsWith(PENDING) || session !== ACTIVE) return 'unknown';
    return epoch < Number(user) ? 'revoked' : 'ok';
  }

  async lease(session: SessionRef): Promise<ProjectionLease | undefined> {
    const nonce = randomUUID();
    return (await LEASE.run(this.redis, keysOf(session), [nonce, LEASE_TTL_MS])) === 1 ? { nonce } : undefined;
  }

  async fill(session: SessionRef, { nonce }: ProjectionLease, { revoked, epoch }: SessionStanding): Promise<boolean> {
    const args = [nonce, epoch, revoked ? REVOKED : ACTIVE, ACTIVE_TTL_MS];
    return (await FILL.run(this.redis, keysOf(session), args)) === 1;
  }

  async announce(target: RevocationTarget): Promise<void> {
    const { userId } = target;
    if ('epoch' in target) await this.markUser(userId, target.epoch, PENDING + target.epoch, PENDING_TTL_MS);
    else await MARK.run(this.redis, sessionKeys(target), [PENDING, PENDING_TTL_MS]);
  }

  async confirm(target: RevocationTarget): Promise<void> {
    const { userId } = target;
    if ('epoch' in target) await this.markUser(userId, target.epoch, String(target.epoch), ACTIVE_TTL_MS);
    else {
      const ttlMs = this.options.accessTtlMs + TOMBSTONE_MARGIN_MS;
      await MARK.run(this.redis, sessionKeys(target), [REVOKED, ttlMs]);
    }
  }

  private async markUser(userId: string, epoch: number, value: string, ttlMs: number): Promise<void> {
    await MARK_USER.run(this.redis, [leaseKey(userId), userKey(userId)], [value, ttlMs, epoch]);
  }
}

const userKey = (userId: string) => `a:{${userId}}:u`;
const sessionKey = (userId: string, sessionId: string) => `a:{${userId}}:s:${sessionId}`;
const leaseKey = (userId: string) => `a:{${userId}}:l`;
const keysOf = ({ userId, sessionId }: SessionRef) => [
  leaseKey(userId),
  userKey(userId),
  sessionKey(userId, sessionId),
];

const sessionKeys = ({ userId, sessionIds }: Extract<RevocationTarget, { sessionIds: unknown }>) => [
  leaseKey(userId),
  ...sessionIds.map((id) => sessionKey(userId, id)),
];
