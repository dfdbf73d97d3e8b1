import { Database, type Queryable, type Transaction } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { RevokeReason, Session, SessionGrant, SessionRef } from '../session.js';
import type { SessionActivity } from '../session-store.js';
import type { SessionStanding } from '../token-blacklist.js';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly salt: Buffer;
  readonly idleTtlMs: number;
  readonly absoluteTtlMs: number;
  readonly graceMs: number;
  readonly deviceName: string;
  readonly userAgent: string;
  readonly ip: string;
}

export type KeptSession = Pick<SessionGrant, 'generation' | 'remainingMs'>;

/** What rotation must know of a session. */
export interface RotatingSession {
  readonly userId: string;
  readonly salt: Buffer;
  readonly epoch: number;
  readonly generation: number;
  readonly confirmedGeneration: number;
  readonly sinceRotationMs: number;
  readonly graceMs: number;
  readonly remainingMs: number;
  /** Not ended in any way, and the account may log in. */
  readonly live: boolean;
}

const LIVE = 's.revoked_at IS NULL AND s.epoch >= u.auth_epoch AND s.idle_until > now() AND s.absolute_until > now()';
/** Milliseconds until a session `s` ends if it is not refreshed. */
const REMAINING = '(extract(epoch FROM least(s.idle_until, s.absolute_until) - now()) * 1000)::float8';
const LISTED = `s.id, s.user_id AS "userId", s.device_name AS "deviceName", s.last_ip AS ip,
  s.created_at AS "createdAt", s.last_seen_at AS "lastSeenAt"`;

/** Sessions in Postgres: what it says is so. Locks are taken in the order user, session, everywhere. */
@Injectable()
export class SessionLedger {
  constructor(private readonly database: Database) {}

  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.database.transaction(work);
  }

  /** The user's epoch, held until the transaction ends; undefined when the account may not log in. */
  async lockUser(tx: Queryable, userId: string, mode: 'SHARE' | 'UPDATE'): Promise<number | undefined> {
    const [user] = await tx.query<{ epoch: number }>(
      `SELECT auth_epoch AS epoch FROM users WHERE id = $1 AND status = 'active' FOR ${mode}`,
      [userId],
    );
    return user?.epoch;
  }

  async insert(tx: Queryable, session: NewSession, epoch: number): Promise<void> {
    await tx.query(
      `INSERT INTO sessions (id, user_id, salt, epoch, idle_until, absolute_until, idle_ttl_ms, grace_ms,
         device_name, user_agent, first_ip, last_ip)
       VALUES ($1, $2, $3, $4, now() + $5 * interval '1 ms', now() + $6 * interval '1 ms', $7, $8, $9, $10, $11, $11)`,
      [
        session.id,
        session.userId,
        session.salt,
        epoch,
        Math.min(session.idleTtlMs, session.absoluteTtlMs),
        session.absoluteTtlMs,
        session.idleTtlMs,
        session.graceMs,
        session.deviceName,
        session.userAgent,
        session.ip,
      ],
    );
  }

  /** Live sessions of a user, the newest first, with what the ledger knows of their last use. */
  lastSeen(tx: Queryable, userId: string): Promise<{ readonly id: string; readonly lastSeenAt: Date }[]> {
    return tx.query(
      `SELECT s.id, s.last_seen_at AS "lastSeenAt" FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.user_id = $1 AND ${LIVE} ORDER BY s.last_seen_at DESC, s.id DESC`,
      [userId],
    );
  }

  async findRotating(sessionId: string): Promise<RotatingSession | undefined> {
    const [row] = await this.database.query<RotatingSession>(
      `SELECT s.user_id AS "userId", s.salt, s.epoch, s.generation, s.confirmed_generation AS "confirmedGeneration",
         (extract(epoch FROM now() - s.rotated_at) * 1000)::float8 AS "sinceRotationMs",
         s.grace_ms::float8 AS "graceMs", ${REMAINING} AS "remainingMs",
         ${LIVE} AND u.status = 'active' AS live
       FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1`,
      [sessionId],
    );
    return row;
  }

  /**
   * Replaces one generation of a live session by the next, and gives what remains of its life then; undefined when it
   * is not the current one any more, or the session has ended. Needs no lock on the user: an epoch raised at the same time leaves the session, and what is
   * issued for it, behind.
   */
  async advance(sessionId: string, generation: number, ip: string): Promise<number | undefined> {
    const [row] = await this.database.query<{ remainingMs: number }>(
      `UPDATE sessions s SET generation = s.generation + 1, rotated_at = now(), last_seen_at = now(), last_ip = $3,
         idle_until = least(now() + s.idle_ttl_ms * interval '1 ms', s.absolute_until)
       FROM users u WHERE s.id = $1 AND s.generation = $2 AND u.id = s.user_id AND u.status = 'active' AND ${LIVE}
       RETURNING ${REMAINING} AS "remainingMs"`,
      [sessionId, generation, ip],
    );
    return row?.remainingMs;
  }

  /** Ends live sessions of a user; gives the ids of those it ended. */
  async revoke(tx: Queryable, userId: string, sessionIds: readonly string[], reason: RevokeReason): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `UPDATE sessions SET revoked_at = now(), revoke_reason = $3
       WHERE user_id = $1 AND id = ANY ($2::uuid[]) AND revoked_at IS NULL RETURNING id`,
      [userId, sessionIds, reason],
    );
    return rows.map(({ id }) => id);
  }

  /** Ends everything the user has: one row, however many devices. Gives the new epoch. */
  async advanceEpoch(tx: Queryable, userId: string): Promise<number> {
    const [row] = await tx.query<{ epoch: number }>(
      'UPDATE users SET auth_epoch = auth_epoch + 1 WHERE id = $1 RETURNING auth_epoch AS epoch',
      [userId],
    );
    return row?.epoch ?? 0;
  }

  /**
   * Takes a live session over into the user's new epoch, with a new salt: no refresh token from before is authentic
   * any more. Undefined when the session has ended.
   */
  async keep(
    tx: Queryable,
    { userId, sessionId }: SessionRef,
    renewal: { readonly epoch: number; readonly salt: Buffer },
  ): Promise<KeptSession | undefined> {
    const [row] = await tx.query<KeptSession>(
      `UPDATE sessions s SET epoch = $3, salt = $4, generation = generation + 1, rotated_at = now()
       WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND epoch >= $3 - 1
         AND idle_until > now() AND absolute_until > now()
       RETURNING generation, ${REMAINING} AS "remainingMs"`,
      [sessionId, userId, renewal.epoch, renewal.salt],
    );
    return row;
  }

  async sinceAuthenticationMs({ userId, sessionId }: SessionRef): Promise<number | undefined> {
    const [row] = await this.database.query<{ sinceMs: number }>(
      `SELECT (extract(epoch FROM now() - s.authenticated_at) * 1000)::float8 AS "sinceMs"
       FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND s.user_id = $2 AND ${LIVE}`,
      [sessionId, userId],
    );
    return row?.sinceMs;
  }

  async confirmIdentity({ userId, sessionId }: SessionRef): Promise<void> {
    await this.database.query('UPDATE sessions SET authenticated_at = now() WHERE id = $1 AND user_id = $2', [
      sessionId,
      userId,
    ]);
  }

  async epochOf(userId: string): Promise<number | undefined> {
    const [row] = await this.database.query<{ epoch: number }>('SELECT auth_epoch AS epoch FROM users WHERE id = $1', [
      userId,
    ]);
    return row?.epoch;
  }

  async standing({ userId, sessionId }: SessionRef): Promise<SessionStanding> {
    const [row] = await this.database.query<SessionStanding>(
      `SELECT NOT (${LIVE}) OR u.status <> 'active' AS revoked, u.auth_epoch AS epoch
       FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND s.user_id = $2`,
      [sessionId, userId],
    );
    return row ?? { revoked: true, epoch: 0 };
  }

  /** Live sessions, used last first. Their number is bounded by the session limit. */
  live(userId: string): Promise<Session[]> {
    return this.database.query<Session>(
      `SELECT ${LISTED} FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.user_id = $1 AND ${LIVE} ORDER BY s.last_seen_at DESC, s.id DESC`,
      [userId],
    );
  }

  async recordActivity(activities: readonly SessionActivity[]): Promise<void> {
    await this.database.query(
      `UPDATE sessions s SET last_ip = CASE WHEN a.seen >= s.last_seen_at THEN a.ip ELSE s.last_ip END,
         last_seen_at = greatest(s.last_seen_at, a.seen),
         confirmed_generation = greatest(s.confirmed_generation, least(a.generation, s.generation))
       FROM (SELECT unnest($1::uuid[]) AS id, to_timestamp(unnest($2::float8[]) / 1000) AS seen,
               unnest($3::text[]) AS ip, unnest($4::int[]) AS generation) a
       WHERE s.id = a.id`,
      [
        activities.map(({ sessionId }) => sessionId),
        activities.map(({ seenAt }) => seenAt),
        activities.map(({ ip }) => ip),
        activities.map(({ generation }) => generation),
      ],
    );
  }
}
