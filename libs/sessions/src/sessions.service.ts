import { randomBytes } from 'node:crypto';
import type { Queryable, Transaction } from '@app/database';
import { newId, type DeviceFacts } from '@app/http';
import { Inject, Injectable } from '@nestjs/common';
import { deviceNameOf } from './device-name.js';
import { AuthEventLog, SessionLedger } from './postgres/index.js';
import { RefreshTokens } from './refresh-token.js';
import { Revoker, type RevocationCause } from './revoker.js';
import { RefreshTokenInvalidError, SessionNotFoundError } from './sessions.errors.js';
import { SESSIONS_OPTIONS, type SessionsOptions } from './sessions.options.js';
import { policyFor } from './session-policy.js';
import type { Session, SessionGrant, SessionOwner, SessionRef } from './session.js';
import { SessionStore } from './session-store.js';

const SALT_BYTES = 16;

export interface EndAllOptions {
  /** What else the transaction does: the change because of which everything ends. */
  readonly alongside?: (tx: Transaction) => Promise<void>;
  readonly keep?: SessionRef;
}

/** Opens, lists and ends sessions. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly ledger: SessionLedger,
    private readonly refreshTokens: RefreshTokens,
    private readonly revoker: Revoker,
    private readonly store: SessionStore,
    private readonly events: AuthEventLog,
    @Inject(SESSIONS_OPTIONS) private readonly options: Pick<SessionsOptions, 'policies'>,
  ) {}

  /**
   * Opens a session after a login. Beyond the session limit, the one unused longest ends.
   *
   * @throws {RefreshTokenInvalidError} when the account was disabled, or everything logged out, in the meantime
   */
  async open(owner: SessionOwner, device: DeviceFacts): Promise<SessionGrant> {
    const { id: userId, authEpoch: epoch } = owner;
    const policy = policyFor(owner.roles, this.options.policies);
    const sessionId = newId();
    const salt = randomBytes(SALT_BYTES);
    const deviceName = deviceNameOf(device.userAgent);
    const { surplus } = await this.ledger.transaction(async (tx) => {
      // Alone, so that logins at once see each other's sessions and the limit holds.
      const userEpoch = await this.ledger.lockUser(tx, userId, 'UPDATE');
      if (userEpoch !== epoch) throw new RefreshTokenInvalidError();
      await this.ledger.insert(
        tx,
        {
          id: sessionId,
          userId,
          salt,
          idleTtlMs: policy.idleTtlMs,
          absoluteTtlMs: policy.absoluteTtlMs,
          graceMs: policy.graceMs,
          deviceName,
          userAgent: device.userAgent,
          ip: device.ip,
        },
        epoch,
      );
      await this.events.record([{ kind: 'login', userId, sessionId, deviceName, ip: device.ip }], tx);
      return { surplus: await this.surplus(tx, userId, policy.sessionLimit) };
    });
    if (surplus.length > 0) await this.revoker.revoke(userId, surplus, { reason: 'session_limit' });
    return {
      sessionId,
      userId,
      epoch,
      generation: 0,
      refreshToken: this.refreshTokens.derive(sessionId, 0, salt),
      remainingMs: Math.min(policy.idleTtlMs, policy.absoluteTtlMs),
    };
  }

  /** Live sessions beyond the limit, the ones used last being kept, as far as any instance knows. */
  private async surplus(tx: Queryable, userId: string, limit: number): Promise<string[]> {
    const live = await this.ledger.lastSeen(tx, userId);
    if (live.length <= limit) return [];
    const recent = await this.store.recent(live.map(({ id }) => id)).catch(() => []);
    const seenAt = new Map(recent.map((activity) => [activity.sessionId, activity.seenAt]));
    const lastSeen = ({ id, lastSeenAt }: (typeof live)[number]) => Math.max(lastSeenAt.getTime(), seenAt.get(id) ?? 0);
    return live
      .toSorted((one, other) => lastSeen(other) - lastSeen(one))
      .slice(limit)
      .map(({ id }) => id);
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

  /** Milliseconds since somebody showed in the session who they are; undefined when it has ended. */
  sinceAuthenticationMs(session: SessionRef): Promise<number | undefined> {
    return this.ledger.sinceAuthenticationMs(session);
  }

  /** Notes that somebody has shown in the session, just now, who they are. */
  confirmIdentity(session: SessionRef): Promise<void> {
    return this.ledger.confirmIdentity(session);
  }

  /** @throws {SessionNotFoundError} for one that has ended, or belongs to someone else */
  async revoke({ userId, sessionId }: SessionRef, cause: RevocationCause = { reason: 'revoked' }): Promise<void> {
    const ended = await this.revoker.revoke(userId, [sessionId], cause);
    if (ended.length === 0) throw new SessionNotFoundError();
  }

  /** Ends the session that asks. */
  async logout({ userId, sessionId }: SessionRef): Promise<void> {
    await this.revoker.revoke(userId, [sessionId], { reason: 'logout' });
  }

  /** Ends all sessions of the user but the one that asks. */
  async revokeOthers({ userId, sessionId }: SessionRef): Promise<void> {
    const others = (await this.ledger.live(userId)).map(({ id }) => id).filter((id) => id !== sessionId);
    if (others.length > 0) await this.revoker.revoke(userId, others, { reason: 'revoked' });
  }

  /** Ends everything the user has, and every refresh in flight. */
  async logoutEverywhere(userId: string): Promise<void> {
    await this.endAll(userId, { reason: 'logout_all' });
  }

  /**
   * Ends everything the user has, and every refresh in flight, in one transaction with `alongside`. `keep` names a
   * session that goes on, with the tokens of the grant that this gives; undefined when that session has ended.
   */
  endAll(
    userId: string,
    cause: RevocationCause,
    { alongside, keep }: EndAllOptions = {},
  ): Promise<SessionGrant | undefined> {
    return this.revoker.revokeAll(userId, cause, async (tx, epoch) => {
      await alongside?.(tx);
      if (keep === undefined) return undefined;
      const { sessionId } = keep;
      const salt = randomBytes(SALT_BYTES);
      const kept = await this.ledger.keep(tx, keep, { epoch, salt });
      if (kept === undefined) return undefined;
      const refreshToken = this.refreshTokens.derive(sessionId, kept.generation, salt);
      return { sessionId, userId, epoch, refreshToken, ...kept };
    });
  }
}
