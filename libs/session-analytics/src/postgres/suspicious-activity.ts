import { Database } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { ReportRange } from '../report-range.js';
import type { Suspicion } from '../reports.js';
import type { SuspicionKind } from '../suspicion.js';
import { addDays, startOf } from '../utc-day.js';

/** Up to where a reader has come, from the newest. */
export interface SuspicionPosition {
  readonly at: string;
  readonly id: string;
}

export interface SuspicionPage {
  readonly range: ReportRange;
  readonly kind?: SuspicionKind | undefined;
  readonly limit: number;
  readonly after?: SuspicionPosition | undefined;
}

/** What was found in the events, the newest first. */
@Injectable()
export class SuspiciousActivity {
  constructor(private readonly database: Database) {}

  /** Of each one the first event is looked up by its key, for where it came from. */
  page({ range, kind, limit, after }: SuspicionPage): Promise<Suspicion[]> {
    return this.database.query<Suspicion>(
      `WITH page AS MATERIALIZED (
         SELECT * FROM suspicious_activity
         WHERE first_at >= $1 AND first_at < $2 AND ($3::text IS NULL OR kind = $3)
           AND ($4::timestamptz IS NULL OR (first_at, id) < ($4, $5::uuid))
         ORDER BY first_at DESC, id DESC LIMIT $6
       )
       SELECT page.id, page.kind, first_at AS "firstAt", last_at AS "lastAt", events, page.user_id AS "userId",
         page.session_id AS "sessionId", event.ip, event.device_name AS "deviceName",
         to_char(first_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS position
       FROM page LEFT JOIN LATERAL (
         SELECT ip, device_name FROM auth_events WHERE at = page.first_at AND id = page.first_event LIMIT 1
       ) event ON true
       ORDER BY first_at DESC, page.id DESC`,
      [startOf(range.from), startOf(addDays(range.to, 1)), kind ?? null, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  /** How many of each kind. */
  counts({ from, to }: ReportRange): Promise<{ readonly kind: SuspicionKind; readonly count: number }[]> {
    return this.database.query(
      `SELECT kind, count(*)::int AS count FROM suspicious_activity
       WHERE first_at >= $1 AND first_at < $2 GROUP BY kind ORDER BY kind`,
      [startOf(from), startOf(addDays(to, 1))],
    );
  }

  async deleteBefore(time: Date): Promise<void> {
    await this.database.query('DELETE FROM suspicious_activity WHERE first_at < $1', [time]);
  }
}
