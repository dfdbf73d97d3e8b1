import { Database } from '@app/database';
import { Injectable } from '@nestjs/common';
import { LATE_EVENTS_MS, type DayStanding } from '../counting-schedule.js';
import { dayOf, startOf } from '../utc-day.js';

/** Which days were counted, and whether for good. */
@Injectable()
export class CountedDays {
  constructor(private readonly database: Database) {}

  /** Days from the first event to today that may change yet, the oldest first; also ones that were left out. */
  async unfinished(now: Date): Promise<DayStanding[]> {
    return this.database.query<DayStanding>(
      `SELECT to_char(calendar.day, 'YYYY-MM-DD') AS day, computed_at AS "computedAt"
       FROM generate_series(
         least((SELECT min(day) FROM session_days), (SELECT (min(at) AT TIME ZONE 'UTC')::date FROM auth_events))::timestamp,
         $1::date::timestamp, interval '1 day') AS calendar (day)
       LEFT JOIN session_days ON session_days.day = calendar.day
       WHERE computed_at IS NULL
         OR computed_at < (calendar.day + interval '1 day') AT TIME ZONE 'UTC' + $2 * interval '1 ms'
       ORDER BY calendar.day`,
      [dayOf(now), LATE_EVENTS_MS],
    );
  }

  /** Up to when every day has been counted for good: what happened before is not read any more. */
  async finishedUntil(now: Date): Promise<Date> {
    const [first] = await this.unfinished(now);
    return first === undefined ? now : startOf(first.day);
  }

  /** When the newest day was counted last; undefined before the first time. */
  async computedAt(): Promise<Date | undefined> {
    const [row] = await this.database.query<{ computedAt: Date }>(
      'SELECT computed_at AS "computedAt" FROM session_days ORDER BY day DESC LIMIT 1',
    );
    return row?.computedAt;
  }
}
