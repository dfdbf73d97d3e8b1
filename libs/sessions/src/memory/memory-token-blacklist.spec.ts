/* oxlint-disable unicorn/no-array-fill-with-reference-type -- `fill` is the port's, not an array's */
import { ManualClock } from '@app/clock/testing';
import {
  ACTIVE_TTL_MS,
  LEASE_TTL_MS,
  PENDING_TTL_MS,
  tombstoneTtlMs,
  type ProjectionLease,
} from '../token-blacklist.js';
import { MemoryTokenBlacklist } from './memory-token-blacklist.js';

const ACCESS_TTL_MS = 600_000;
const session = { userId: 'u', sessionId: 's', epoch: 0 };
const target = { userId: 'u', sessionIds: ['s'] };

let clock: ManualClock;
let blacklist: MemoryTokenBlacklist;
beforeEach(() => {
  clock = new ManualClock();
  blacklist = new MemoryTokenBlacklist(clock, { accessTtlMs: ACCESS_TTL_MS });
});

async function fill(standing = { revoked: false, epoch: 0 }) {
  await blacklist.fill(session, (await blacklist.lease(session)) as ProjectionLease, standing);
}

describe('MemoryTokenBlacklist', () => {
  it('forgets an ok after a minute', async () => {
    await fill();
    clock.advance(ACTIVE_TTL_MS - 1);
    expect(blacklist.check(session)).toBe('ok');
    clock.advance(1);
    expect(blacklist.check(session)).toBe('unknown');
  });

  it('keeps a tombstone longer than any access token lives', async () => {
    await blacklist.confirm(target);
    clock.advance(tombstoneTtlMs({ accessTtlMs: ACCESS_TTL_MS }) - 1);
    expect(blacklist.check(session)).toBe('revoked');
    clock.advance(1);
    expect(blacklist.check(session)).toBe('unknown');
  });

  it('gives a lease away again when its holder died', async () => {
    const dead = (await blacklist.lease(session)) as ProjectionLease;
    clock.advance(LEASE_TTL_MS);
    expect(await blacklist.lease(session)).toBeDefined();
    expect(await blacklist.fill(session, dead, { revoked: false, epoch: 0 })).toBe(false);
  });

  it('takes no fill after its lease has lapsed', async () => {
    const lease = (await blacklist.lease(session)) as ProjectionLease;
    clock.advance(LEASE_TTL_MS);
    expect(await blacklist.fill(session, lease, { revoked: false, epoch: 0 })).toBe(false);
    expect(blacklist.check(session)).toBe('unknown');
  });

  it.each([[target], [{ userId: 'u', epoch: 1 }]])(
    'asks the ledger again half a minute after an announcement nobody confirmed (%j)',
    async (announced) => {
      await fill();
      await blacklist.announce(announced);
      clock.advance(PENDING_TTL_MS - 1);
      expect([blacklist.check(session), await blacklist.lease(session)]).toEqual(['unknown', undefined]);
      clock.advance(1);
      expect(blacklist.check(session)).toBe('unknown');
      await fill();
      expect(blacklist.check(session)).toBe('ok');
    },
  );
});
