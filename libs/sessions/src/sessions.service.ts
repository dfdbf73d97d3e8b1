import { randomBytes } from 'node:crypto';
import { newId, type DeviceFacts } from '@app/http';
import { Inject, Injectable } from '@nestjs/common';
import { deviceNameOf } from './device-name.js';
import { SessionLedger } from './postgres/index.js';
import { RefreshTokens } from './refresh-token.js';
import { Revoker } from './revoker.js';
import { RefreshTokenInvalidError, SessionNotFoundError } from './sessions.errors.js';
import { SESSIONS_OPTIONS, type SessionsOptions } from './sessions.options.js';
import type { Session, SessionGrant, SessionRef } from './session.js';
import { SessionStore } from './session-store.js';

const SALT_BYTES = 16;

/** Opens, lists and ends sessions. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly ledger: SessionLedger,
    private readonly refreshTokens: RefreshTokens,
    private readonly revoker: Revoker,
    private readonly store: SessionStore,
    @Inject(SESSIONS_OPTIONS) private readonly options: SessionsOptions,
  ) {}

  /**
   * Opens a session after a login. Beyond the session limit, the one unused longest ends.
   *
   * @throws {RefreshTokenInvalidError} when the account was disabled in the meantime
   */
  async open(userId: string, device: DeviceFacts): Promise<SessionGrant> {
    const sessionId = newId();
    const salt = randomBytes(SALT_BYTES);
    const { epoch, surplus } = await this.ledger.transaction(async (tx) => {
      // Alone, so that logins at once see each other's sessions and the limit holds.
      const userEpoch = await this.ledger.lockUser(tx, userId, 'UPDATE');
      if (userEpoch === undefined) throw new RefreshTokenInvalidError();
      await this.ledger.insert(
        tx,
        {
          id: sessionId,
          userId,
          salt,
          idleTtlMs: this.options.idleTtlMs,
          absoluteTtlMs: this.options.absoluteTtlMs,
          deviceName: deviceNameOf(device.userAgent),
          userAgent: device.userAgent,
          ip: device.ip,
        },
        userEpoch,
      );
      return { epoch: userEpoch, surplus: await this.ledger.beyondLimit(tx, userId, this.options.sessionLimit) };
    });
    if (surplus.length > 0) await this.revoker.revoke(userId, surplus, 'session_limit');
    return { sessionId, userId, epoch, generation: 0, refreshToken: this.refreshTokens.derive(sessionId, 0, salt) };
  }

  /** Live sessions, used last first, with the latest activity known anywhere. */
  async list(userId: string): Promise<Session[]> {
    const sessions = await this.ledger.live(userId);
    const recent = await this.store.recent(sessions.map(({ id }) => id)).catch(() => []);
    const latest = new Map(recent.map((activity) => [activity.sessionId, activity]));
    return sessions.map((session) => {
      const activity = latest.get(session.id);
      if (activity === undefined || activity.seenAt <= session.lastSeenAt.getTime()) return session;
      return { ...session, ip: activity.ip, lastSeenAt: new Date(activity.seenAt) };
    });
  }

  /** @throws {SessionNotFoundError} for one that has ended, or belongs to someone else */
  async revoke({ userId, sessionId }: SessionRef): Promise<void> {
    const ended = await this.revoker.revoke(userId, [sessionId], 'revoked');
    if (ended.length === 0) throw new SessionNotFoundError();
  }

  /** Ends the session that asks. */
  async logout({ userId, sessionId }: SessionRef): Promise<void> {
    await this.revoker.revoke(userId, [sessionId], 'logout');
  }

  /** Ends all sessions of the user but the one that asks. */
  async revokeOthers({ userId, sessionId }: SessionRef): Promise<void> {
    const others = (await this.ledger.live(userId)).map(({ id }) => id).filter((id) => id !== sessionId);
    if (others.length > 0) await this.revoker.revoke(userId, others, 'revoked');
  }

  /** Ends everything the user has, and every refresh in flight. */
  async logoutEverywhere(userId: string): Promise<void> {
    await this.revoker.revokeAll(userId);
  }
}
