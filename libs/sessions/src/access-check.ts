import { UnavailableError } from '@app/errors';
import { Injectable } from '@nestjs/common';
import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { SessionLedger } from './postgres/index.js';
import { SessionRevokedError } from './sessions.errors.js';
import { TokenBlacklist, type AccessRef, type AccessVerdict, type SessionStanding } from './token-blacklist.js';

/** Questions to the ledger at once, and waiting, for each process. */
const LEDGER_CONCURRENCY = 32;
const LEDGER_QUEUE = 512;

/** Decides whether a verified access token is still in force: the projection answers, the ledger where it cannot. */
@Injectable()
export class AccessCheck {
  private readonly ledgerBulkhead = bulkhead(LEDGER_CONCURRENCY, LEDGER_QUEUE);
  private readonly asking = new Map<string, Promise<SessionStanding>>();

  constructor(
    private readonly blacklist: TokenBlacklist,
    private readonly ledger: SessionLedger,
  ) {}

  /**
   * @throws {SessionRevokedError}
   * @throws {UnavailableError} when neither projection nor ledger can tell
   */
  async assertInForce(access: AccessRef): Promise<void> {
    const verdict = await this.verdict(access);
    if (verdict === 'ok') return;
    if (verdict === 'revoked') throw new SessionRevokedError();
    const { revoked, epoch } = await this.askLedger(access);
    if (revoked || access.epoch < epoch) throw new SessionRevokedError();
  }

  private async verdict(access: AccessRef): Promise<AccessVerdict> {
    try {
      return await this.blacklist.check(access);
    } catch {
      return 'unknown';
    }
  }

  private askLedger(access: AccessRef): Promise<SessionStanding> {
    const { sessionId } = access;
    const asked = this.asking.get(sessionId);
    if (asked !== undefined) return asked;
    const answer = this.readThrough(access).finally(() => this.asking.delete(sessionId));
    this.asking.set(sessionId, answer);
    return answer;
  }

  /** Reads the ledger and fills the projection, unless a revocation comes in between. */
  private async readThrough(access: AccessRef): Promise<SessionStanding> {
    const lease = await this.blacklist.lease(access).catch(() => undefined);
    const standing = await this.fromLedger(access);
    if (lease !== undefined) await this.blacklist.fill(access, lease, standing).catch(() => false);
    return standing;
  }

  private async fromLedger(access: AccessRef): Promise<SessionStanding> {
    try {
      return await this.ledgerBulkhead.execute(() => this.ledger.standing(access));
    } catch (error) {
      throw isBulkheadRejectedError(error) ? new UnavailableError('database', error) : error;
    }
  }
}
