import type { Transaction } from '@app/database';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { AuthEventLog, RevocationLog, SessionLedger, type LogPosition } from './postgres/index.js';
import { RevocationFeed } from './revocation-feed.js';
import type { RevokeReason } from './session.js';
import { SESSIONS_OPTIONS, type SessionsOptions } from './sessions.options.js';
import { TokenBlacklist, tombstoneTtlMs, type RevocationTarget } from './token-blacklist.js';

/** Who ended sessions, and why. */
export interface RevocationCause {
  readonly reason: RevokeReason;
  /** Who did it, where that is not the user. */
  readonly actorId?: string | undefined;
  /** From where. */
  readonly ip?: string | undefined;
}

/**
 * Ends sessions in the order that makes an acknowledged revocation final: announce to the projection, commit in the
 * ledger, confirm to the projection. Where the projection does not answer it is given a new name, which abandons all
 * it holds, and every instance has learnt that before the caller hears of success.
 */
@Injectable()
export class Revoker {
  private readonly logger = new Logger(Revoker.name);

  constructor(
    private readonly ledger: SessionLedger,
    private readonly log: RevocationLog,
    private readonly events: AuthEventLog,
    private readonly blacklist: TokenBlacklist,
    private readonly feed: RevocationFeed,
    @Inject(SESSIONS_OPTIONS) private readonly options: Pick<SessionsOptions, 'accessTtlMs'>,
  ) {}

  /** Gives the ids of the sessions that were live until now. */
  async revoke(
    userId: string,
    sessionIds: readonly string[],
    { reason, actorId, ip }: RevocationCause,
  ): Promise<string[]> {
    const target = { userId, sessionIds };
    const announced = await this.announced(target);
    const { ended, position } = await this.ledger.transaction(async (tx) => {
      await this.ledger.lockUser(tx, userId, 'SHARE');
      const ids = await this.ledger.revoke(tx, userId, sessionIds, reason);
      const events = ids.map(
        (sessionId) => ({ kind: 'session.revoked', userId, sessionId, actorId, ip, detail: { reason } }) as const,
      );
      await this.events.record(events, tx);
      return { ended: ids, position: await this.log.append(tx, target, !announced) };
    });
    await this.putInForce(target, position, announced);
    return ended;
  }

  /** Ends everything the user has, in one transaction with `alongside`. */
  async revokeAll<Result>(
    userId: string,
    { reason, actorId, ip }: RevocationCause,
    alongside: (tx: Transaction, epoch: number) => Promise<Result>,
  ): Promise<Result> {
    const next = ((await this.ledger.epochOf(userId)) ?? 0) + 1;
    const announced = await this.announced({ userId, epoch: next });
    const { result, epoch, position } = await this.ledger.transaction(async (tx) => {
      const raised = await this.ledger.advanceEpoch(tx, userId);
      const done = await alongside(tx, raised);
      await this.events.record([{ kind: 'sessions.revoked_all', userId, actorId, ip, detail: { reason } }], tx);
      return {
        result: done,
        epoch: raised,
        position: await this.log.append(tx, { userId, epoch: raised }, !announced),
      };
    });
    await this.putInForce({ userId, epoch }, position, announced);
    return result;
  }

  private async announced(target: RevocationTarget): Promise<boolean> {
    try {
      await this.blacklist.announce(target);
      return true;
    } catch (error) {
      this.logger.warn(`A revocation is made without the projection: ${(error as Error).message}`);
      return false;
    }
  }

  /** After the commit: when this resolves, no instance accepts what was revoked. */
  private async putInForce(target: RevocationTarget, position: LogPosition, announced: boolean): Promise<void> {
    const { seq, generation } = position;
    await this.feed.apply({ target, remainingMs: tombstoneTtlMs(this.options) });
    this.feed.learn(generation);
    if (announced && (await this.confirmed(target, generation))) {
      await this.feed.settle(seq, false);
      return;
    }
    const renamed = announced ? await this.log.rename() : position;
    this.feed.learn(renamed.generation);
    await this.feed.settle(renamed.seq, true);
  }

  private async confirmed(target: RevocationTarget, generation: number): Promise<boolean> {
    try {
      await this.blacklist.confirm(target, generation);
      return true;
    } catch (error) {
      this.logger.warn(`The projection is renamed: ${(error as Error).message}`);
      return false;
    }
  }
}
