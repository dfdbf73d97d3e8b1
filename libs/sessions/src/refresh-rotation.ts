import type { DeviceFacts } from '@app/http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { SessionLedger, type LockedSession } from './postgres/index.js';
import { RefreshTokens, type RefreshTokenParts } from './refresh-token.js';
import { Revoker } from './revoker.js';
import type { SessionGrant } from './session.js';
import { RefreshTokenInvalidError, RefreshTokenReusedError } from './sessions.errors.js';
import { SESSIONS_OPTIONS, type SessionsOptions } from './sessions.options.js';

/** How long a successor nobody has used yet is given again: a reply that was lost. */
const LOST_REPLY_MS = 24 * 3600 * 1000;

type Outcome =
  { readonly kind: 'granted'; readonly grant: SessionGrant } | { readonly kind: 'reused'; readonly userId: string };

/**
 * Changes a refresh token for its successor. Two tabs, or a client whose reply was lost, get the same successor; a
 * token that was replaced before that ends the session.
 */
@Injectable()
export class RefreshRotation {
  private readonly logger = new Logger(RefreshRotation.name);

  constructor(
    private readonly ledger: SessionLedger,
    private readonly refreshTokens: RefreshTokens,
    private readonly revoker: Revoker,
    @Inject(SESSIONS_OPTIONS) private readonly options: SessionsOptions,
  ) {}

  /**
   * @throws {RefreshTokenInvalidError} for a token that is not ours, or whose session has ended
   * @throws {RefreshTokenReusedError} after ending the session
   */
  async rotate(token: string, device: DeviceFacts): Promise<SessionGrant> {
    const parts = this.refreshTokens.parse(token);
    if (parts === undefined) throw new RefreshTokenInvalidError();
    const outcome = await this.exchange(parts, device);
    if (outcome.kind === 'granted') return outcome.grant;
    this.logger.warn({ event: 'refresh_reused', sessionId: parts.sessionId, userId: outcome.userId, ip: device.ip });
    await this.revoker.revoke(outcome.userId, [parts.sessionId], { reason: 'refresh_reused' });
    throw new RefreshTokenReusedError();
  }

  private exchange(parts: RefreshTokenParts, device: DeviceFacts): Promise<Outcome> {
    const { sessionId } = parts;
    return this.ledger.transaction(async (tx) => {
      const userId = await this.ledger.ownerOf(tx, sessionId);
      if (userId === undefined) throw new RefreshTokenInvalidError();
      if ((await this.ledger.lockUser(tx, userId, 'SHARE')) === undefined) throw new RefreshTokenInvalidError();
      const session = await this.ledger.lock(tx, sessionId);
      if (session === undefined || !session.live || !this.refreshTokens.isAuthentic(parts, session.salt)) {
        throw new RefreshTokenInvalidError();
      }
      if (parts.generation === session.generation) {
        await this.ledger.advance(tx, sessionId, device.ip, this.options.idleTtlMs);
        return this.granted(sessionId, session, session.generation + 1);
      }
      if (this.deservesSameSuccessor(parts.generation, session)) {
        return this.granted(sessionId, session, session.generation);
      }
      if (parts.generation > session.generation) {
        this.logger.error({ event: 'refresh_from_the_future', sessionId, userId });
        throw new RefreshTokenInvalidError();
      }
      return { kind: 'reused', userId };
    });
  }

  private deservesSameSuccessor(generation: number, session: LockedSession): boolean {
    if (generation !== session.generation - 1) return false;
    const { sinceRotationMs, confirmedGeneration } = session;
    if (sinceRotationMs <= this.options.graceMs) return true;
    return confirmedGeneration < session.generation && sinceRotationMs <= LOST_REPLY_MS;
  }

  private granted(sessionId: string, session: LockedSession, generation: number): Outcome {
    const { userId, epoch, salt } = session;
    const refreshToken = this.refreshTokens.derive(sessionId, generation, salt);
    return { kind: 'granted', grant: { sessionId, userId, epoch, generation, refreshToken } };
  }
}
