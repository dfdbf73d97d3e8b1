/* oxlint-disable unicorn/no-array-fill-with-reference-type -- `fill` is the port's, not an array's */
import { ManualClock } from '@app/clock/testing';
import { UnavailableError } from '@app/errors';
import type { AccessRef, ProjectionLease, RevocationTarget, SessionStanding, TokenBlacklist } from '@app/sessions';
import { MemoryTokenBlacklist } from '@app/sessions/memory';
import { RedisTokenBlacklist } from '@app/sessions/redis';
import { tokenBlacklistContract } from '@app/sessions/testing';
import { eventually } from '../support/eventually.js';
import { ClaimedProjection } from './claimed-projection.js';
import { failuresOf, ownRedis, readiness, type OwnRedis } from './contract-runs.js';

const OPTIONS = { accessTtlMs: 600_000 };

type MemoryBlacklist = new (...args: ConstructorParameters<typeof MemoryTokenBlacklist>) => TokenBlacklist;
const memory = (Blacklist: MemoryBlacklist) =>
  tokenBlacklistContract(async () => new Blacklist(new ManualClock(), OPTIONS));

describe('MemoryTokenBlacklist', () => {
  for (const { name, run } of memory(MemoryTokenBlacklist)) it(name, run);
});

describe('the blacklist contract catches, in memory,', () => {
  it('one that fills what was read before everything was revoked', async () => {
    class Forgiving extends MemoryTokenBlacklist {
      override async fill(session: AccessRef, lease: ProjectionLease, standing: SessionStanding) {
        return super.fill(session, (await super.lease(session)) ?? lease, standing);
      }
    }
    expect(await failuresOf(memory(Forgiving))).toEqual([
      'refuses a fill whose lease was taken before everything was revoked',
    ]);
  });

  it('one that gives a lease while a revocation is pending', async () => {
    class Eager extends MemoryTokenBlacklist {
      private readonly pending = new Set<string>();

      override async announce(target: RevocationTarget) {
        this.pending.add(target.userId);
        await super.announce(target);
      }
      override async lease(session: AccessRef) {
        return (await super.lease(session)) ?? (this.pending.has(session.userId) ? { nonce: 'eager' } : undefined);
      }
    }
    expect(await failuresOf(memory(Eager))).toEqual([
      'gives no lease while a revocation is announced and not confirmed',
      'never goes back to an older epoch, whichever revocation is confirmed last',
    ]);
  });

  it('one that forgets tombstones', async () => {
    class Forgetful extends MemoryTokenBlacklist {
      override async confirm(target: RevocationTarget) {
        if ('epoch' in target) await super.confirm(target);
      }
    }
    expect(await failuresOf(memory(Forgetful))).toEqual([
      'never answers ok from the announcement of a revocation on',
      'ends one session and leaves the others of the user alive',
    ]);
  });

  it('one that ignores epochs', async () => {
    class Timeless extends MemoryTokenBlacklist {
      override check(access: AccessRef) {
        return super.check({ ...access, epoch: Number.MAX_SAFE_INTEGER });
      }
    }
    expect(await failuresOf(memory(Timeless))).toEqual([
      'answers revoked for a token of an older epoch',
      'ends every session of a user with a new epoch, and none of another',
      'never goes back to an older epoch, whichever revocation is confirmed last',
    ]);
  });

  it('one that hears nothing of revocations before they are committed', async () => {
    class Deaf extends MemoryTokenBlacklist {
      override async announce() {
        // Answers ok until the confirmation.
      }
    }
    expect(await failuresOf(memory(Deaf))).toEqual([
      'never answers ok from the announcement of a revocation on',
      'refuses a fill whose lease was taken before a session was revoked',
      'gives no lease while a revocation is announced and not confirmed',
      'ends every session of a user with a new epoch, and none of another',
      'never goes back to an older epoch, whichever revocation is confirmed last',
    ]);
  });

  it('one whose late confirmation brings an old epoch back', async () => {
    class Lowering extends MemoryTokenBlacklist {
      override async confirm(target: RevocationTarget) {
        await super.confirm(target);
        if (!('epoch' in target)) return;
        const somewhere = { userId: target.userId, sessionId: 'none' };
        const lease = await super.lease(somewhere);
        if (lease !== undefined) await super.fill(somewhere, lease, { revoked: false, epoch: target.epoch });
      }
    }
    expect(await failuresOf(memory(Lowering))).toEqual([
      'never goes back to an older epoch, whichever revocation is confirmed last',
    ]);
  });

  it('one that gives everybody a lease', async () => {
    let leases = 0;
    class Generous extends MemoryTokenBlacklist {
      override async lease(session: AccessRef) {
        return (await super.lease(session)) ?? { nonce: `extra ${(leases += 1)}` };
      }
    }
    expect(await failuresOf(memory(Generous))).toEqual([
      'gives one lease of a user at a time',
      'gives no lease while a revocation is announced and not confirmed',
      'never goes back to an older epoch, whichever revocation is confirmed last',
    ]);
  });

  it('one that believes any nonce', async () => {
    class Gullible extends MemoryTokenBlacklist {
      private held: ProjectionLease | undefined;

      override async lease(session: AccessRef) {
        return (this.held = (await super.lease(session)) ?? this.held);
      }
      override async fill(session: AccessRef, lease: ProjectionLease, standing: SessionStanding) {
        return super.fill(session, this.held ?? lease, standing);
      }
    }
    expect(await failuresOf(memory(Gullible))).toContain('ignores the fill of a lease that is not held');
  });
});

describe('with a real Redis,', () => {
  let redis: OwnRedis;

  beforeAll(async () => {
    redis = await ownRedis();
  });
  afterAll(() => redis.close());

  type RedisBlacklist = new (...args: ConstructorParameters<typeof RedisTokenBlacklist>) => RedisTokenBlacklist;
  async function connected(Blacklist: RedisBlacklist, projection = new ClaimedProjection()) {
    const blacklist = new Blacklist(redis.client, projection, OPTIONS);
    await blacklist.onModuleInit();
    return blacklist;
  }
  const on = (Blacklist: RedisBlacklist) => tokenBlacklistContract(() => connected(Blacklist));

  describe('RedisTokenBlacklist', () => {
    for (const { name, run } of on(RedisTokenBlacklist)) it(name, run);

    it('answers unknown after a flush, never ok, and takes no fill from before it', async () => {
      const blacklist = await connected(RedisTokenBlacklist);
      const session = { userId: 'flushed', sessionId: 's', epoch: 0 };
      const lease = (await blacklist.lease(session)) as ProjectionLease;
      await redis.server.flushAll();
      expect(await blacklist.fill(session, lease, { revoked: false, epoch: 0 })).toBe(false);
      expect(await blacklist.check(session)).toBe('unknown');
    });

    it('answers nothing while the word of the ledger is too old, or another server was named', async () => {
      const projection = new ClaimedProjection();
      const blacklist = await connected(RedisTokenBlacklist, projection);
      const session = { userId: 'unsure', sessionId: 's', epoch: 0 };
      await blacklist.fill(session, (await blacklist.lease(session)) as ProjectionLease, { revoked: false, epoch: 0 });
      expect(await blacklist.check(session)).toBe('ok');
      await projection.claim('another server');
      await expect(blacklist.check(session)).rejects.toBeInstanceOf(UnavailableError);
      projection.current = () => undefined as never;
      await expect(blacklist.check(session)).rejects.toBeInstanceOf(UnavailableError);
    });

    it('finds nothing of what it stored once the server was restarted with an older state', async () => {
      const blacklist = await connected(RedisTokenBlacklist);
      const session = { userId: 'restored', sessionId: 's', epoch: 0 };
      await blacklist.fill(session, (await blacklist.lease(session)) as ProjectionLease, { revoked: false, epoch: 0 });
      await redis.client.save();
      await redis.server.kill();
      await redis.server.restart();
      await readiness(redis.client);
      expect(await redis.client.keys('a:*restored*')).toHaveLength(2);
      await eventually(async () => expect(await blacklist.check(session)).toBe('unknown'));
    });

    it('shows a revocation by one instance to another', async () => {
      const here = await connected(RedisTokenBlacklist);
      const there = await connected(RedisTokenBlacklist);
      const session = { userId: 'shared', sessionId: 's', epoch: 0 };
      await here.fill(session, (await here.lease(session)) as ProjectionLease, { revoked: false, epoch: 0 });
      expect(await there.check(session)).toBe('ok');
      await here.announce({ userId: 'shared', sessionIds: ['s'] });
      expect(await there.check(session)).toBe('unknown');
      await here.confirm({ userId: 'shared', sessionIds: ['s'] });
      expect(await there.check(session)).toBe('revoked');
    });
  });

  describe('the blacklist contract catches', () => {
    it('one whose announcement leaves leases', async () => {
      class Leaky extends RedisTokenBlacklist {
        override async announce(target: RevocationTarget) {
          const lease = `a:2:{${target.userId}}:l`;
          const held = await redis.client.get(lease);
          await super.announce(target);
          if (held !== null) await redis.client.set(lease, held, 'PX', 2000);
        }
      }
      expect(await failuresOf(on(Leaky))).toEqual([
        'refuses a fill whose lease was taken before a session was revoked',
      ]);
    });

    it('one that forgets tombstones', async () => {
      class Forgetful extends RedisTokenBlacklist {
        override async confirm(target: RevocationTarget) {
          if ('epoch' in target) await super.confirm(target);
        }
      }
      expect(await failuresOf(on(Forgetful))).toEqual([
        'never answers ok from the announcement of a revocation on',
        'ends one session and leaves the others of the user alive',
      ]);
    });

    it('one that takes the epoch that was confirmed last', async () => {
      class Lowering extends RedisTokenBlacklist {
        override async confirm(target: RevocationTarget) {
          await super.confirm(target);
          if ('epoch' in target) await redis.client.set(`a:2:{${target.userId}}:u`, target.epoch, 'PX', 60_000);
        }
      }
      expect(await failuresOf(on(Lowering))).toEqual([
        'never goes back to an older epoch, whichever revocation is confirmed last',
      ]);
    });
  });
});
