import { Database, type Queryable } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { EventMonth } from '../event-month.js';

/** A table that holds the events of a time. */
export interface EventPartition {
  readonly table: string;
  readonly from: Date;
  /** Excluded. */
  readonly until: Date;
}

/** `made`, with what was moved; `there`; or `too_many` events of the month are in the default partition. */
export type PartitionOutcome =
  { readonly outcome: 'made'; readonly moved: number } | { readonly outcome: 'there' | 'too_many' };

/** Writers of events, logins among them, wait while events are moved: for some seconds at most. */
const MOST_MOVED = 50_000;
/** Whoever asks for a lock holds up all who ask after; a dump may have what it needs for hours. */
const LOCK_TIMEOUT = `SET LOCAL lock_timeout = '2s'`;

/**
 * The tables behind `auth_events`: one for each month that was made ahead, and the default one, which takes every
 * event that no month is there for. It always stays, so that no event is ever refused.
 */
@Injectable()
export class AuthEventPartitions {
  constructor(private readonly database: Database) {}

  /** Those with a beginning and an end, the oldest first. */
  list(tx: Queryable = this.database): Promise<EventPartition[]> {
    return tx.query<EventPartition>(
      `SELECT * FROM (
         SELECT partition.oid::regclass::text AS "table",
           (regexp_match(bounds, $$FROM \\('([^']+)'\\)$$))[1]::timestamptz AS "from",
           (regexp_match(bounds, $$TO \\('([^']+)'\\)$$))[1]::timestamptz AS until
         FROM pg_inherits JOIN pg_class partition ON partition.oid = inhrelid,
           pg_get_expr(partition.relpartbound, partition.oid) AS bounds
         WHERE inhparent = 'auth_events'::regclass
       ) found WHERE "from" IS NOT NULL AND until IS NOT NULL ORDER BY "from"`,
    );
  }

  /**
   * Makes the partition of a month, in one transaction that moves there what the default partition has of it: all, or,
   * where that is more than 50,000 events, nothing, and there is no partition.
   *
   * @throws {Error} with the code 55P03 when somebody has the tables for more than two seconds
   */
  create(month: EventMonth): Promise<PartitionOutcome> {
    return this.database.transaction(async (tx) => {
      await tx.query(LOCK_TIMEOUT);
      // Writers have to wait here: one that had chosen the default partition already would be refused by it.
      await tx.query('LOCK TABLE ONLY auth_events IN SHARE ROW EXCLUSIVE MODE');
      if ((await this.list(tx)).some((partition) => overlap(partition, month))) return { outcome: 'there' };
      if ((await this.inDefault(tx, month)) > MOST_MOVED) return { outcome: 'too_many' };
      return { outcome: 'made', moved: await this.make(tx, month) };
    });
  }

  /** Removes a partition with its events. Again changes nothing. */
  async drop({ table }: EventPartition): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query(LOCK_TIMEOUT);
      await tx.query(`DROP TABLE IF EXISTS ${table}`);
    });
  }

  /** Deletes up to `limit` events from before a time that are in the default partition; gives how many. */
  async deleteFromDefault(before: Date, limit: number): Promise<number> {
    const [row] = await this.database.query<{ deleted: number }>(
      `WITH old AS (SELECT at, id FROM auth_events_default WHERE at < $1 ORDER BY at LIMIT $2),
         gone AS (DELETE FROM auth_events_default USING old
           WHERE auth_events_default.at = old.at AND auth_events_default.id = old.id RETURNING 1)
       SELECT count(*)::int AS deleted FROM gone`,
      [before, limit],
    );
    return row?.deleted ?? 0;
  }

  private async inDefault(tx: Queryable, { from, until }: EventMonth): Promise<number> {
    const [row] = await tx.query<{ events: number }>(
      `SELECT count(*)::int AS events FROM (
         SELECT 1 FROM auth_events_default WHERE at >= $1 AND at < $2 LIMIT $3
       ) found`,
      [from, until, MOST_MOVED + 1],
    );
    return row?.events ?? 0;
  }

  private async make(tx: Queryable, { name, from, until }: EventMonth): Promise<number> {
    const table = `auth_events_${name}`;
    await tx.query(`CREATE TABLE ${table} (LIKE auth_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
    const [row] = await tx.query<{ moved: number }>(
      `WITH taken AS (DELETE FROM auth_events_default WHERE at >= $1 AND at < $2 RETURNING *),
         put AS (INSERT INTO ${table} SELECT * FROM taken RETURNING 1)
       SELECT count(*)::int AS moved FROM put`,
      [from, until],
    );
    // Bounds cannot be parameters.
    const bounds = `FROM ('${from.toISOString()}') TO ('${until.toISOString()}')`;
    await tx.query(`ALTER TABLE auth_events ATTACH PARTITION ${table} FOR VALUES ${bounds}`);
    return row?.moved ?? 0;
  }
}

function overlap(partition: EventPartition, month: EventMonth): boolean {
  return partition.from < month.until && partition.until > month.from;
}
