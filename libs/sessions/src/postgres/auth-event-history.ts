import { Database, type Queryable } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { AuthEventKind } from '../auth-event.js';

/** An event as it was written. */
export interface RecordedEvent {
  readonly id: string;
  readonly at: Date;
  /** `at` to the microsecond, where a page goes on. */
  readonly position: string;
  readonly kind: AuthEventKind;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly actorId: string | null;
  readonly ip: string | null;
  readonly deviceName: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Up to where a reader has come, from the newest. */
export interface EventPosition {
  readonly at: string;
  readonly id: string;
}

export interface AuditFilter {
  readonly actorId?: string | undefined;
  readonly userId?: string | undefined;
  readonly kind?: string | undefined;
  /** Included. */
  readonly from?: string | undefined;
  /** Excluded. */
  readonly to?: string | undefined;
}

const COLUMNS = `id, at, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS position, kind,
  user_id AS "userId", session_id AS "sessionId", actor_id AS "actorId", ip, device_name AS "deviceName", detail`;

/** Renewals are every few minutes and tell their owner nothing. */
const NOT_WORTH_TELLING = ['refresh', 'refresh.replayed'];

/** Events for those who look, the newest first. */
@Injectable()
export class AuthEventHistory {
  constructor(private readonly database: Database) {}

  /** What happened to an account. */
  ofUser(userId: string, limit: number, after: EventPosition | undefined): Promise<RecordedEvent[]> {
    return this.database.query<RecordedEvent>(
      `SELECT ${COLUMNS} FROM auth_events
       WHERE user_id = $1 AND kind <> ALL ($2::text[]) AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4::uuid))
       ORDER BY at DESC, id DESC LIMIT $5`,
      [userId, NOT_WORTH_TELLING, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  /** What some did to the accounts of others. */
  audit(filter: AuditFilter, limit: number, after: EventPosition | undefined): Promise<RecordedEvent[]> {
    return this.database.query<RecordedEvent>(
      `SELECT ${COLUMNS} FROM auth_events
       WHERE actor_id IS NOT NULL AND ($1::uuid IS NULL OR actor_id = $1) AND ($2::uuid IS NULL OR user_id = $2)
         AND ($3::text IS NULL OR kind = $3) AND ($4::timestamptz IS NULL OR at >= $4)
         AND ($5::timestamptz IS NULL OR at < $5) AND ($6::timestamptz IS NULL OR (at, id) < ($6, $7::uuid))
       ORDER BY at DESC, id DESC LIMIT $8`,
      [
        filter.actorId ?? null,
        filter.userId ?? null,
        filter.kind ?? null,
        filter.from ?? null,
        filter.to ?? null,
        after?.at ?? null,
        after?.id ?? null,
        limit,
      ],
    );
  }

  /** Leaves what happened, and why sessions ended, which is counted; takes away from where and with what. */
  async anonymise(tx: Queryable, userId: string): Promise<void> {
    await tx.query(
      `UPDATE auth_events SET ip = NULL, device_name = NULL,
         detail = jsonb_strip_nulls(jsonb_build_object('reason', detail -> 'reason'))
       WHERE user_id = $1`,
      [userId],
    );
  }
}
