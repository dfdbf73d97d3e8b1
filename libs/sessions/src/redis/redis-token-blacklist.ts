import { randomUUID } from 'node:crypto';
import { UnavailableError } from '@app/errors';
import type { BucketDraw } from '@app/rate-limit';
import { bucketKey, readVerdict, TAKE_IN_LUA, takeArguments } from '@app/rate-limit/redis';
import { fromRedis, REDIS_CLIENT, RedisScript, ServerIdentity, serverOf, type RedisClient } from '@app/redis';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ProjectionName } from '../projection-name.js';
import type { SessionRef } from '../session.js';
import { SESSIONS_OPTIONS, type SessionsOptions } from '../sessions.options.js';
import {
  ACTIVE_TTL_MS,
  LEASE_TTL_MS,
  PENDING_TTL_MS,
  TokenBlacklist,
  tombstoneTtlMs,
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
/** KEYS lease, user, session; ARGV nonce, epoch, ttl, state, ttl of the session. */
const FILL = new RedisScript<number>(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5])
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
/** KEYS user, session, bucket; ARGV epoch, then those of `take`. Takes nothing unless the session is in force. */
const CHECK_AND_TAKE = new RedisScript<[user: string | null, session: string | null, verdict?: string]>(`
${TAKE_IN_LUA}
local standing = redis.call('MGET', KEYS[1], KEYS[2])
local epoch = tonumber(standing[1] or '')
if standing[2] == 'A' and epoch and epoch <= tonumber(ARGV[1]) then
  standing[3] = take(KEYS[3], ARGV[2], ARGV[3], ARGV[4])
end
return standing
`);

/**
 * One projection for every instance. All keys of a user share a hash slot. A server that was restarted or replaced may
 * have lost what was written last, so that after each loss of the connection its name is compared with the ledger's
 * before it is believed again.
 */
@Injectable()
export class RedisTokenBlacklist extends TokenBlacklist implements OnModuleInit, OnApplicationShutdown {
  readonly shared = true;
  private readonly server: ServerIdentity;

  constructor(
    @Inject(REDIS_CLIENT) private readonly redis: RedisClient,
    private readonly projection: ProjectionName,
    @Inject(SESSIONS_OPTIONS) private readonly options: Pick<SessionsOptions, 'accessTtlMs'>,
  ) {
    super();
    this.server = new ServerIdentity(serverOf(redis), (incarnation) => projection.claim(incarnation));
  }

  async onModuleInit(): Promise<void> {
    await this.server.start();
  }

  onApplicationShutdown(): void {
    this.server.stop();
  }

  async check(access: AccessRef, draw?: BucketDraw): Promise<AccessVerdict> {
    const name = this.name();
    const user = userKey(name, access.userId);
    const session = sessionKey(name, access.userId, access.sessionId);
    if (draw === undefined) {
      const [userState = null, sessionState = null] = await fromRedis(this.redis.mget(user, session));
      return verdictOn(access, userState, sessionState);
    }
    const args = [access.epoch, ...takeArguments(draw.bucket, draw.tokens)];
    const [userState, sessionState, taken] = await CHECK_AND_TAKE.run(
      this.redis,
      [user, session, bucketKey(draw.key)],
      args,
    );
    if (taken !== undefined) draw.verdict = readVerdict(taken);
    return verdictOn(access, userState, sessionState);
  }

  async lease(session: SessionRef): Promise<ProjectionLease | undefined> {
    const nonce = randomUUID();
    const keys = keysOf(this.name(), session);
    return (await LEASE.run(this.redis, keys, [nonce, LEASE_TTL_MS])) === 1 ? { nonce } : undefined;
  }

  async fill(session: SessionRef, { nonce }: ProjectionLease, { revoked, epoch }: SessionStanding): Promise<boolean> {
    const ofSession = revoked ? [REVOKED, tombstoneTtlMs(this.options)] : [ACTIVE, ACTIVE_TTL_MS];
    const args = [nonce, epoch, ACTIVE_TTL_MS, ...ofSession];
    return (await FILL.run(this.redis, keysOf(this.name(), session), args)) === 1;
  }

  async announce(target: RevocationTarget): Promise<void> {
    const name = this.name();
    if ('epoch' in target) await this.markUser(name, target, { value: PENDING + target.epoch, ttlMs: PENDING_TTL_MS });
    else await MARK.run(this.redis, sessionKeys(name, target), [PENDING, PENDING_TTL_MS]);
  }

  async confirm(target: RevocationTarget, generation?: number): Promise<void> {
    const name = this.name(generation);
    if ('epoch' in target) await this.markUser(name, target, { value: String(target.epoch), ttlMs: ACTIVE_TTL_MS });
    else await MARK.run(this.redis, sessionKeys(name, target), [REVOKED, tombstoneTtlMs(this.options)]);
  }

  private async markUser(
    name: string,
    { userId, epoch }: Extract<RevocationTarget, { epoch: number }>,
    { value, ttlMs }: { readonly value: string; readonly ttlMs: number },
  ): Promise<void> {
    await MARK_USER.run(this.redis, [leaseKey(name, userId), userKey(name, userId)], [value, ttlMs, epoch]);
  }

  /** What all keys begin with, of the current generation unless given. */
  private name(generation?: number): string {
    const current = this.projection.current();
    if (current === undefined || current.incarnation !== this.server.current) throw new UnavailableError('redis');
    return `a:${generation ?? current.generation}`;
  }
}

function verdictOn({ epoch }: AccessRef, user: string | null, session: string | null): AccessVerdict {
  if (session === REVOKED) return 'revoked';
  if (user === null || user.startsWith(PENDING) || session !== ACTIVE) return 'unknown';
  return epoch < Number(user) ? 'revoked' : 'ok';
}

const userKey = (name: string, userId: string) => `${name}:{${userId}}:u`;
const sessionKey = (name: string, userId: string, sessionId: string) => `${name}:{${userId}}:s:${sessionId}`;
const leaseKey = (name: string, userId: string) => `${name}:{${userId}}:l`;
const keysOf = (name: string, { userId, sessionId }: SessionRef) => [
  leaseKey(name, userId),
  userKey(name, userId),
  sessionKey(name, userId, sessionId),
];
const sessionKeys = (name: string, { userId, sessionIds }: Extract<RevocationTarget, { sessionIds: unknown }>) => [
  leaseKey(name, userId),
  ...sessionIds.map((id) => sessionKey(name, userId, id)),
];
