import { Database, type Queryable } from '@app/database';
import { Inject, Injectable } from '@nestjs/common';
import { SESSIONS_OPTIONS, type SessionsOptions } from '../sessions.options.js';
import { tombstoneTtlMs, type RevocationTarget } from '../token-blacklist.js';

/** One revocation, as every instance reads it. */
export interface LoggedRevocation {
  readonly target: RevocationTarget;
  /** How long an access token from before it may still be good otherwise. */
  readonly remainingMs: number;
}

/** The log's end and the projection's name, and what was logged after a position. */
export interface LogPage {
  readonly seq: number;
  readonly generation: number;
  readonly incarnation: string | null;
  readonly revocations: readonly LoggedRevocation[];
}

/** Where the log ends after an append. */
export interface LogPosition {
  readonly seq: number;
  readonly generation: number;
}

interface PageRow extends LogPosition {
  readonly incarnation: string | null;
  readonly userId: string | null;
  readonly sessionIds: readonly string[] | null;
  readonly epoch: number | null;
  readonly remainingMs: number | null;
}

/** Wakes the other instances; they poll as well. */
export const REVOCATIONS_CHANNEL = 'revocations';

const POSITION = `last_seq::float8 AS seq, generation`;

/**
 * Revocations in the order in which they were committed, with the leases of the instances that read them. The counter
 * is a locked row, taken last in a transaction: a reader that has seen a number has seen all below it.
 */
@Injectable()
export class RevocationLog {
  constructor(
    private readonly database: Database,
    @Inject(SESSIONS_OPTIONS) private readonly options: Pick<SessionsOptions, 'accessTtlMs'>,
  ) {}

  /** Logs a revocation in the transaction that makes it; `rename` abandons the whole projection with it. */
  async append(tx: Queryable, target: RevocationTarget, rename: boolean): Promise<LogPosition> {
    const [position] = await tx.query<LogPosition>(
      `WITH position AS (
         UPDATE projection SET last_seq = last_seq + 1, generation = generation + $5,
           renamed_seq = CASE $5 WHEN 0 THEN renamed_seq ELSE last_seq + 1 END
         RETURNING last_seq, generation
       ), entry AS (
         INSERT INTO revocations (seq, user_id, session_ids, epoch, until)
         SELECT last_seq, $1, $2::uuid[], $3::int, now() + $4 * interval '1 ms' FROM position
       )
       SELECT ${POSITION}, pg_notify('${REVOCATIONS_CHANNEL}', '') FROM position`,
      [
        target.userId,
        'sessionIds' in target ? target.sessionIds : null,
        'epoch' in target ? target.epoch : null,
        tombstoneTtlMs(this.options),
        rename ? 1 : 0,
      ],
    );
    return position as LogPosition;
  }

  /** Abandons every key of the projection at once, by giving it a new name. */
  async rename(): Promise<LogPosition> {
    const [position] = await this.database.query<LogPosition>(
      `WITH position AS (
         UPDATE projection SET last_seq = last_seq + 1, generation = generation + 1, renamed_seq = last_seq + 1
         RETURNING last_seq, generation
       )
       SELECT ${POSITION}, pg_notify('${REVOCATIONS_CHANNEL}', '') FROM position`,
    );
    return position as LogPosition;
  }

  /** Renames the projection unless `incarnation` is the server it was last kept on already. */
  async claim(incarnation: string): Promise<LogPosition> {
    const [position] = await this.database.query<LogPosition>(
      `WITH position AS (
         UPDATE projection SET last_seq = last_seq + 1, generation = generation + 1, renamed_seq = last_seq + 1,
           incarnation = $1
         WHERE incarnation IS DISTINCT FROM $1 RETURNING last_seq, generation
       )
       SELECT ${POSITION}, pg_notify('${REVOCATIONS_CHANNEL}', '') FROM position`,
      [incarnation],
    );
    return position ?? this.end();
  }

  private async end(): Promise<LogPosition> {
    const [position] = await this.database.query<LogPosition>(`SELECT ${POSITION} FROM projection`);
    return position as LogPosition;
  }

  async since(seq: number): Promise<LogPage> {
    const rows = await this.database.query<PageRow>(
      `SELECT p.last_seq::float8 AS seq, p.generation, p.incarnation, r.user_id AS "userId",
         r.session_ids AS "sessionIds", r.epoch, (extract(epoch FROM r.until - now()) * 1000)::float8 AS "remainingMs"
       FROM projection p LEFT JOIN revocations r ON r.seq > $1 ORDER BY r.seq`,
      [seq],
    );
    const [{ seq: end, generation, incarnation }] = rows as [PageRow];
    return { seq: end, generation, incarnation, revocations: rows.flatMap(toRevocation) };
  }

  /** Extends an instance's lease, on the clock of the database. */
  async renew(instance: { id: string; appliedSeq: number; ownCopy: boolean }, leaseMs: number): Promise<void> {
    await this.database.query(
      `INSERT INTO access_instances (id, applied_seq, own_copy, lease_until)
       VALUES ($1, $2, $3, now() + $4 * interval '1 ms')
       ON CONFLICT (id) DO UPDATE SET applied_seq = excluded.applied_seq, lease_until = excluded.lease_until`,
      [instance.id, instance.appliedSeq, instance.ownCopy, leaseMs],
    );
  }

  async acknowledge(id: string, appliedSeq: number): Promise<void> {
    await this.database.query('UPDATE access_instances SET applied_seq = greatest(applied_seq, $2) WHERE id = $1', [
      id,
      appliedSeq,
    ]);
  }

  /**
   * True while another instance that holds a lease has not applied everything up to `seq`: one with a copy of its own,
   * any one if `everybody`, and one that still asks the projection by a name from before the last.
   */
  async isAwaited(id: string, seq: number, everybody: boolean): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM access_instances, projection
       WHERE id <> $1 AND lease_until > now() AND applied_seq < $2
         AND (own_copy OR $3 OR applied_seq < renamed_seq) LIMIT 1`,
      [id, seq, everybody],
    );
    return rows.length > 0;
  }

  async leave(id: string): Promise<void> {
    await this.database.query('DELETE FROM access_instances WHERE id = $1', [id]);
  }

  /** Removes what no access token can need any more, and instances that have gone. */
  async prune(): Promise<void> {
    await this.database.query('DELETE FROM revocations WHERE until < now()');
    await this.database.query("DELETE FROM access_instances WHERE lease_until < now() - interval '1 minute'");
  }
}

function toRevocation({ userId, sessionIds, epoch, remainingMs }: PageRow): LoggedRevocation[] {
  if (userId === null) return [];
  const target = sessionIds === null ? { userId, epoch: epoch as number } : { userId, sessionIds };
  return [{ target, remainingMs: remainingMs as number }];
}
