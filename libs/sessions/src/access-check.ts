import { UnavailableError } from '@app/errors';
import type { BucketDraw } from '@app/rate-limit';
import { Inject, Injectable } from '@nestjs/common';
import { bulkhead, isBulkheadRejectedError, timeout, TimeoutStrategy, wrap, isTaskCancelledError } from 'cockatiel';
import { NewestFlight } from './newest-flight.js';
import { SessionLedger } from './postgres/index.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationView } from './revocation-view.js';
import { SessionRevokedError } from './sessions.errors.js';
import { SESSIONS_OPTIONS, type SessionsOptions } from './sessions.options.js';
import { TokenBlacklist, type AccessRef, type AccessVerdict, type SessionStanding } from './token-blacklist.js';

/** Questions to the ledger at once, and waiting, for each process; and the longest one may take. */
const LEDGER_CONCURRENCY = 32;
const LEDGER_QUEUE = 512;
const LEDGER_TIMEOUT_MS = 1000;

/**
 * Decides whether a verified access token is still in force. Strict: the projection answers, the ledger where it
 * cannot. Streamed: the revocations in this process's memory answer. Either is believed only while the revocation log
 * is followed without a gap; otherwise the ledger answers.
 */
@Injectable()
export class AccessCheck {
  private readonly patience = wrap(
    timeout(LEDGER_TIMEOUT_MS, TimeoutStrategy.Aggressive),
    bulkhead(LEDGER_CONCURRENCY, LEDGER_QUEUE),
  );
  private readonly asking = new NewestFlight<SessionStanding>();
  private readonly streamed: boolean;

  constructor(
    private readonly blacklist: TokenBlacklist,
    private readonly ledger: SessionLedger,
    private readonly feed: RevocationFeed,
    private readonly view: RevocationView,
    @Inject(SESSIONS_OPTIONS) { accessCheck }: Pick<SessionsOptions, 'accessCheck'>,
  ) {
    this.streamed = accessCheck === 'streamed';
    if (!blacklist.shared) feed.keepCurrent((target) => blacklist.confirm(target));
  }

  /**
   * Gives a promise only where somebody else has to be asked: what is known in this process costs a request no turn.
   *
   * @param draw tokens that are taken on the way, where that costs nothing; who finds no verdict there takes them
   * @throws {SessionRevokedError} at once, or by the promise
   * @throws {UnavailableError} by the promise, when neither projection nor ledger can tell
   */
  assertInForce(access: AccessRef, draw?: BucketDraw): Promise<void> | undefined {
    if (!this.feed.isFresh) return this.askLedger(access);
    if (this.streamed) return this.act(access, this.view.isRevoked(access) ? 'revoked' : 'ok');
    const verdict = this.blacklist.check(access, draw);
    if (!(verdict instanceof Promise)) return this.act(access, verdict);
    return verdict.then(
      (known) => this.act(access, known),
      () => this.askLedger(access),
    );
  }

  private act(access: AccessRef, verdict: AccessVerdict): Promise<void> | undefined {
    if (verdict === 'revoked') throw new SessionRevokedError();
    return verdict === 'unknown' ? this.askLedger(access) : undefined;
  }

  private async askLedger(access: AccessRef): Promise<void> {
    const { revoked, epoch } = await this.asking.run(access.sessionId, () => this.readThrough(access));
    if (revoked || access.epoch < epoch) throw new SessionRevokedError();
  }

  /** Reads the ledger and fills the projection, unless a revocation comes in between. */
  private async readThrough(access: AccessRef): Promise<SessionStanding> {
    const fills = this.feed.isFresh && !this.streamed;
    const lease = fills ? await this.blacklist.lease(access).catch(() => undefined) : undefined;
    const standing = await this.fromLedger(access);
    if (lease !== undefined) await this.blacklist.fill(access, lease, standing).catch(() => false);
    return standing;
  }

  private async fromLedger(access: AccessRef): Promise<SessionStanding> {
    try {
      return await this.patience.execute(() => this.ledger.standing(access));
    } catch (error) {
      const gaveUp = isBulkheadRejectedError(error) || isTaskCancelledError(error);
      throw gaveUp ? new UnavailableError('database', error) : error;
    }
  }
}
