import type { DeviceFacts } from '@app/http';
import { UnavailableError } from '@app/errors';
import { Injectable, Logger } from '@nestjs/common';
import type { AuthEventKind } from './auth-event.js';
import { AuthEventBuffer } from './auth-event-buffer.js';
import { deviceNameOf } from './device-name.js';
import { SessionLedger, type RotatingSession } from './postgres/index.js';
import { RefreshTokens, type RefreshTokenParts } from './refresh-token.js';
import { Revoker } from './revoker.js';
import type { SessionGrant } from './session.js';
import { RefreshTokenInvalidError, RefreshTokenReusedError } from './sessions.errors.js';

/** How long a successor nobody has used yet is given again: a reply that was lost. */
const LOST_REPLY_MS = 24 * 3600 * 1000;

/** Others can be faster once or twice; a generation only ever rises. */
const MOST_TRIES = 5;

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
    private readonly events: AuthEventBuffer,
  ) {}

  /**
   * @throws {RefreshTokenInvalidError} for a token that is not ours, or whose session has ended
   * @throws {RefreshTokenReusedError} after ending the session
   */
  async rotate(token: string, device: DeviceFacts): Promise<SessionGrant> {
    const parts = this.refreshTokens.parse(token);
    if (parts === undefined) throw new RefreshTokenInvalidError();
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const grant = await this.exchange(parts, device);
      if (grant !== undefined) return grant;
    }
    throw new UnavailableError('database');
  }

  /** Ends the session of a token, however old it is; one that is not ours, or whose session has ended, changes nothing. */
  async revoke(token: string): Promise<void> {
    const parts = this.refreshTokens.parse(token);
    if (parts === undefined) return;
    const session = await this.ledger.findRotating(parts.sessionId);
    if (session?.live !== true || !this.refreshTokens.isAuthentic(parts, session.salt)) return;
    await this.revoker.revoke(session.userId, [parts.sessionId], { reason: 'logout' });
  }

  /** Undefined when another request advanced the session between our reading and our writing. */
  private async exchange(parts: RefreshTokenParts, device: DeviceFacts): Promise<SessionGrant | undefined> {
    const { sessionId, generation } = parts;
    const session = await this.ledger.findRotating(sessionId);
    if (session?.live !== true || !this.refreshTokens.isAuthentic(parts, session.salt)) {
      throw new RefreshTokenInvalidError();
    }
    if (generation === session.generation) {
      const remainingMs = await this.ledger.advance(sessionId, generation, device.ip);
      if (remainingMs === undefined) return undefined;
      this.note('refresh', parts, session, device);
      return this.granted(sessionId, { ...session, generation: generation + 1, remainingMs });
    }
    if (this.deservesSameSuccessor(generation, session)) {
      this.note('refresh.replayed', parts, session, device);
      return this.granted(sessionId, session);
    }
    return this.refuse(parts, session, device);
  }

  private async refuse(parts: RefreshTokenParts, session: RotatingSession, device: DeviceFacts): Promise<never> {
    const { sessionId, generation } = parts;
    const { userId } = session;
    if (generation > session.generation) {
      this.note('refresh.from_the_future', parts, session, device);
      this.logger.error({ event: 'refresh_from_the_future', sessionId, userId });
      throw new RefreshTokenInvalidError();
    }
    this.note('refresh.reused', parts, session, device);
    this.logger.warn({ event: 'refresh_reused', sessionId, userId, ip: device.ip });
    await this.revoker.revoke(userId, [sessionId], { reason: 'refresh_reused' });
    throw new RefreshTokenReusedError();
  }

  private deservesSameSuccessor(generation: number, session: RotatingSession): boolean {
    if (generation !== session.generation - 1) return false;
    const { sinceRotationMs, confirmedGeneration, graceMs } = session;
    if (sinceRotationMs <= graceMs) return true;
    return confirmedGeneration < session.generation && sinceRotationMs <= LOST_REPLY_MS;
  }

  private granted(sessionId: string, session: RotatingSession): SessionGrant {
    const { userId, epoch, generation, salt, remainingMs } = session;
    return {
      sessionId,
      userId,
      epoch,
      generation,
      refreshToken: this.refreshTokens.derive(sessionId, generation, salt),
      remainingMs,
    };
  }

  private note(
    kind: AuthEventKind,
    { sessionId, generation }: RefreshTokenParts,
    { userId }: RotatingSession,
    { ip, userAgent }: DeviceFacts,
  ): void {
    this.events.note({ kind, userId, sessionId, ip, deviceName: deviceNameOf(userAgent), detail: { generation } });
  }
}
