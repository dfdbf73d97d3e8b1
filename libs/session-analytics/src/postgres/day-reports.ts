import { Database } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { ReportRange } from '../report-range.js';
import type { ActivityDay, DeviceUse, RefreshDay, RevocationDay } from '../reports.js';

/** Devices that are named in a report. */
const DEVICES_NAMED = 20;
const COUNTED = `to_char(day, 'YYYY-MM-DD') AS day, computed_at AS "computedAt"`;
const IN_RANGE = 'day >= $1::date AND day <= $2::date';

/** Reads what was counted, the oldest day first. */
@Injectable()
export class DayReports {
  constructor(private readonly database: Database) {}

  activity(range: ReportRange): Promise<ActivityDay[]> {
    return this.inRange(
      range,
      `SELECT ${COUNTED}, active_users AS "activeUsers", active_sessions AS "activeSessions",
         sessions_opened AS "sessionsOpened", users_registered AS "usersRegistered",
         failed_logins AS "failedLogins", limited_logins AS "limitedLogins"
       FROM session_days WHERE ${IN_RANGE} ORDER BY session_days.day`,
    );
  }

  refreshes(range: ReportRange): Promise<RefreshDay[]> {
    return this.inRange(
      range,
      `SELECT ${COUNTED}, rotations, replays, reuses, from_the_future AS "fromTheFuture"
       FROM session_days WHERE ${IN_RANGE} ORDER BY session_days.day`,
    );
  }

  /** A row for each reason of a day. */
  revocations(range: ReportRange): Promise<RevocationDay[]> {
    return this.inRange(
      range,
      `SELECT ${COUNTED}, reason, sessions, accounts
       FROM session_revocation_days JOIN session_days USING (day) WHERE ${IN_RANGE}
       ORDER BY session_days.day, reason`,
    );
  }

  /** Over the whole range, those used most first; the others are one row, the last. */
  devices(range: ReportRange): Promise<DeviceUse[]> {
    return this.inRange(
      range,
      `WITH used AS (
         SELECT device, sum(sessions_opened) AS opened, sum(active_sessions) AS days,
           row_number() OVER (ORDER BY device = 'Other', sum(active_sessions) DESC, sum(sessions_opened) DESC, device)
             AS place
         FROM session_device_days WHERE ${IN_RANGE} GROUP BY device
       ), named AS (
         SELECT CASE WHEN place <= $3 THEN device ELSE 'Other' END AS device, opened, days, place FROM used
       )
       SELECT device, sum(opened)::float8 AS "sessionsOpened", sum(days)::float8 AS "sessionDays"
       FROM named GROUP BY device ORDER BY device = 'Other', min(place)`,
      DEVICES_NAMED,
    );
  }

  private inRange<Row>({ from, to }: ReportRange, sql: string, ...more: readonly unknown[]): Promise<Row[]> {
    return this.database.query<Row>(sql, [from, to, ...more]);
  }
}
