import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ContractCase } from '@app/contract';
import type { AccessRef, ProjectionLease, SessionStanding, TokenBlacklist } from '../token-blacklist.js';

const LIVE: SessionStanding = { revoked: false, epoch: 0 };
const access = (userId: string = randomUUID()): AccessRef => ({ userId, sessionId: randomUUID(), epoch: 0 });

async function leased(blacklist: TokenBlacklist, session: AccessRef): Promise<ProjectionLease> {
  const lease = await blacklist.lease(session);
  assert.ok(lease !== undefined, 'expected a lease');
  return lease;
}

async function filled(blacklist: TokenBlacklist, session: AccessRef, standing = LIVE): Promise<void> {
  assert.equal(await blacklist.fill(session, await leased(blacklist, session), standing), true);
}

/** What every `TokenBlacklist` must do, as cases for any test runner. */
export function tokenBlacklistContract(create: () => Promise<TokenBlacklist>): ContractCase[] {
  const at = (name: string, check: (blacklist: TokenBlacklist, session: AccessRef) => Promise<void>): ContractCase => ({
    name,
    run: async () => check(await create(), access()),
  });
  return [
    at('knows nothing of a session it was never told of', async (blacklist, session) => {
      assert.equal(await blacklist.check(session), 'unknown');
    }),
    at('answers ok after a fill, and revoked when the ledger said so', async (blacklist, session) => {
      await filled(blacklist, session);
      assert.equal(await blacklist.check(session), 'ok');
      const ended = access();
      await filled(blacklist, ended, { revoked: true, epoch: 0 });
      assert.equal(await blacklist.check(ended), 'revoked');
    }),
    at('answers revoked for a token of an older epoch', async (blacklist, session) => {
      await filled(blacklist, session, { revoked: false, epoch: 1 });
      assert.equal(await blacklist.check(session), 'revoked');
      assert.equal(await blacklist.check({ ...session, epoch: 1 }), 'ok');
    }),
    at('gives one lease of a user at a time', async (blacklist, session) => {
      const leases = await Promise.all(Array.from({ length: 10 }, () => blacklist.lease(session)));
      assert.equal(leases.filter((lease) => lease !== undefined).length, 1);
    }),
    at('gives the lease again after the fill', async (blacklist, session) => {
      await filled(blacklist, session);
      await leased(blacklist, session);
    }),
    at('never answers ok from the announcement of a revocation on', async (blacklist, session) => {
      await filled(blacklist, session);
      await blacklist.announce({ userId: session.userId, sessionIds: [session.sessionId] });
      assert.equal(await blacklist.check(session), 'unknown');
      await blacklist.confirm({ userId: session.userId, sessionIds: [session.sessionId] });
      assert.equal(await blacklist.check(session), 'revoked');
    }),
    at('refuses a fill whose lease was taken before a session was revoked', async (blacklist, session) => {
      const lease = await leased(blacklist, session);
      await blacklist.announce({ userId: session.userId, sessionIds: [session.sessionId] });
      assert.equal(await blacklist.fill(session, lease, LIVE), false);
      assert.notEqual(await blacklist.check(session), 'ok');
    }),
    at('refuses a fill whose lease was taken before everything was revoked', async (blacklist, session) => {
      const lease = await leased(blacklist, session);
      await blacklist.announce({ userId: session.userId, epoch: 1 });
      await blacklist.confirm({ userId: session.userId, epoch: 1 });
      assert.equal(await blacklist.fill(session, lease, LIVE), false);
      assert.notEqual(await blacklist.check(session), 'ok');
    }),
    at('gives no lease while a revocation is announced and not confirmed', async (blacklist, session) => {
      await blacklist.announce({ userId: session.userId, sessionIds: [session.sessionId] });
      assert.equal(await blacklist.lease(session), undefined);
      const everything = access();
      await blacklist.announce({ userId: everything.userId, epoch: 1 });
      assert.equal(await blacklist.lease(everything), undefined);
    }),
    at('ends every session of a user with a new epoch, and none of another', async (blacklist, session) => {
      const second = access(session.userId);
      const stranger = access();
      for (const each of [session, second, stranger]) await filled(blacklist, each);
      await blacklist.announce({ userId: session.userId, epoch: 1 });
      for (const each of [session, second]) assert.equal(await blacklist.check(each), 'unknown');
      await blacklist.confirm({ userId: session.userId, epoch: 1 });
      for (const each of [session, second]) assert.equal(await blacklist.check(each), 'revoked');
      assert.equal(await blacklist.check(stranger), 'ok');
    }),
    at('never goes back to an older epoch, whichever revocation is confirmed last', async (blacklist, session) => {
      const { userId } = session;
      for (const epoch of [1, 2]) await blacklist.announce({ userId, epoch });
      await blacklist.confirm({ userId, epoch: 1 });
      assert.equal(await blacklist.lease(session), undefined, 'the second revocation is still pending');
      await blacklist.confirm({ userId, epoch: 2 });
      await filled(blacklist, session, { revoked: false, epoch: 2 });
      await blacklist.confirm({ userId, epoch: 1 });
      assert.equal(await blacklist.check({ ...session, epoch: 1 }), 'revoked');
      assert.equal(await blacklist.check({ ...session, epoch: 2 }), 'ok');
    }),
    at('ends one session and leaves the others of the user alive', async (blacklist, session) => {
      const second = access(session.userId);
      for (const each of [session, second]) await filled(blacklist, each);
      const target = { userId: session.userId, sessionIds: [session.sessionId] };
      await blacklist.announce(target);
      await blacklist.confirm(target);
      assert.equal(await blacklist.check(session), 'revoked');
      assert.equal(await blacklist.check(second), 'ok');
    }),
    at('ignores the fill of a lease that is not held', async (blacklist, session) => {
      await leased(blacklist, session);
      assert.equal(await blacklist.fill(session, { nonce: 'forged' }, LIVE), false);
      assert.equal(await blacklist.check(session), 'unknown');
    }),
  ];
}
