import { Database } from '@app/database';
import { earliestIdAt } from '@app/http';
import { Injectable } from '@nestjs/common';

export interface DeletedBatch {
  readonly deleted: number;
  /** The last session that was looked at; undefined at the end. */
  readonly last: string | undefined;
}

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Sessions that are of use to nobody: ended, or not refreshed in time, and that long ago. */
@Injectable()
export class EndedSessions {
  constructor(private readonly database: Database) {}

  /**
   * Looks at up to `limit` sessions after `last`, the oldest first, and deletes those that ended before a time. Walks
   * along the primary key, because an index on when sessions end would be written at every refresh. One that somebody
   * has locked is left for the next time.
   */
  async deleteBatch(before: Date, limit: number, last: string = BEFORE_ALL): Promise<DeletedBatch> {
    const [row] = await this.database.query<{ deleted: number; last: string | null }>(
      `WITH batch AS (SELECT id FROM sessions WHERE id > $2 AND id < $3 ORDER BY id LIMIT $4),
         ended AS (
           SELECT s.id FROM sessions s JOIN batch ON batch.id = s.id
           WHERE least(s.revoked_at, s.idle_until, s.absolute_until) < $1 FOR UPDATE OF s SKIP LOCKED
         ),
         gone AS (DELETE FROM sessions WHERE id IN (SELECT id FROM ended) RETURNING 1)
       SELECT (SELECT count(*)::int FROM gone) AS deleted, (SELECT id FROM batch ORDER BY id DESC LIMIT 1) AS last`,
      // A session that was opened after that time cannot have ended before it.
      [before, last, earliestIdAt(before), limit],
    );
    return { deleted: row?.deleted ?? 0, last: row?.last ?? undefined };
  }
}
