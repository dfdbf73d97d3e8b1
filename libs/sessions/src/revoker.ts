import { Injectable } from '@nestjs/common';
import { SessionLedger } from './postgres/index.js';
import type { RevokeReason } from './session.js';
import { SessionRevocations } from './session-revocations.js';
import { TokenBlacklist } from './token-blacklist.js';

/**
 * Ends sessions in the order that makes an acknowledged revocation final: announce to the projection, commit in the
 * ledger, confirm to the projection. A projection that does not answer makes the whole call fail with 503, before
 * the commit with nothing changed, after it safe to repeat.
 */
@Injectable()
export class Revoker {
  constructor(
    private readonly ledger: SessionLedger,
    private readonly blacklist: TokenBlacklist,
    private readonly revocations: SessionRevocations,
  ) {}

  /** Gives the ids of the sessions that were live until now. */
  async revoke(userId: string, sessionIds: readonly string[], reason: RevokeReason): Promise<string[]> {
    await this.blacklist.announce({ userId, sessionIds });
    const ended = await this.ledger.transaction(async (tx) => {
      await this.ledger.lockUser(tx, userId, 'SHARE');
      return this.ledger.revoke(tx, userId, sessionIds, reason);
    });
    await this.blacklist.confirm({ userId, sessionIds });
    this.revocations.announce({ userId, sessionIds });
    return ended;
  }

  async revokeAll(userId: string): Promise<void> {
    const current = (await this.ledger.epochOf(userId)) ?? 0;
    await this.blacklist.announce({ userId, epoch: current + 1 });
    const epoch = await this.ledger.transaction((tx) => this.ledger.advanceEpoch(tx, userId));
    await this.blacklist.confirm({ userId, epoch });
    this.revocations.announce({ userId });
  }
}
