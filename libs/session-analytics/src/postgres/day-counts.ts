import { Database, type Transaction } from '@app/database';
import { Injectable } from '@nestjs/common';
import { ACTIVITY } from '../activity.js';
import { SUSPICION_KINDS, SUSPICION_RULES } from '../suspicion.js';
import { addDays, startOf, type UtcDay } from '../utc-day.js';

/** More devices in a day than anybody looks at; the names come from clients, who can make up any number. */
const DEVICES_A_DAY = 50;

/** One day as the statements take it: its date, its first moment, and the first one after it. */
type Bounds = readonly [day: UtcDay, from: Date, until: Date];

/** Counts the events of a day. Again gives the same, or more where events came in the meantime. */
@Injectable()
export class DayCounts {
  constructor(private readonly database: Database) {}

  /** Replaces all numbers of a day in one transaction. */
  async replace(day: UtcDay, computedAt: Date): Promise<void> {
    const bounds = [day, startOf(day), startOf(addDays(day, 1))] as const;
    await this.database.transaction(async (tx) => {
      // All numbers are of one moment. Locks come first: what is seen is fixed by the first reading.
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await tx.query('LOCK TABLE session_days IN SHARE ROW EXCLUSIVE MODE');
      // As writers of events have it: events that move to a new partition meanwhile would be in neither for us.
      await tx.query('LOCK TABLE ONLY auth_events IN ROW EXCLUSIVE MODE');
      await countEvents(tx, bounds, computedAt);
      await countDevices(tx, bounds);
      await countRevocations(tx, bounds);
      await findSuspicious(tx, bounds);
    });
  }
}

async function countEvents(tx: Transaction, bounds: Bounds, computedAt: Date): Promise<void> {
  await tx.query(
    `INSERT INTO session_days (day, computed_at, active_users, active_sessions, sessions_opened, users_registered,
       failed_logins, limited_logins, rotations, replays, reuses, from_the_future)
     SELECT $1::date, $4::timestamptz,
       count(DISTINCT user_id) FILTER (WHERE kind = ANY ($5)), count(DISTINCT session_id) FILTER (WHERE kind = ANY ($5)),
       count(*) FILTER (WHERE kind = 'login'), count(*) FILTER (WHERE kind = 'account.registered'),
       count(*) FILTER (WHERE kind = 'login.failed'), count(*) FILTER (WHERE kind = 'login.limited'),
       count(*) FILTER (WHERE kind = 'refresh'), count(*) FILTER (WHERE kind = 'refresh.replayed'),
       count(*) FILTER (WHERE kind = 'refresh.reused'), count(*) FILTER (WHERE kind = 'refresh.from_the_future')
     FROM auth_events WHERE at >= $2 AND at < $3
     ON CONFLICT (day) DO UPDATE SET (computed_at, active_users, active_sessions, sessions_opened, users_registered,
         failed_logins, limited_logins, rotations, replays, reuses, from_the_future)
       = (excluded.computed_at, excluded.active_users, excluded.active_sessions, excluded.sessions_opened,
         excluded.users_registered, excluded.failed_logins, excluded.limited_logins, excluded.rotations,
         excluded.replays, excluded.reuses, excluded.from_the_future)`,
    [...bounds, computedAt, ACTIVITY],
  );
}

/** A session is on the device that it was used with last that day. */
async function countDevices(tx: Transaction, bounds: Bounds): Promise<void> {
  await tx.query('DELETE FROM session_device_days WHERE day = $1', [bounds[0]]);
  await tx.query(
    `WITH used AS (
       SELECT DISTINCT ON (session_id) coalesce(device_name, 'Unknown device') AS device FROM auth_events
       WHERE at >= $2 AND at < $3 AND kind = ANY ($4) AND session_id IS NOT NULL ORDER BY session_id, at DESC, id DESC
     ), opened AS (
       SELECT coalesce(device_name, 'Unknown device') AS device FROM auth_events
       WHERE at >= $2 AND at < $3 AND kind = 'login'
     ), counted AS (
       SELECT device, sum(opened) AS opened, sum(used) AS used,
         row_number() OVER (ORDER BY sum(used) DESC, sum(opened) DESC, device) AS place
       FROM (SELECT device, 1 AS opened, 0 AS used FROM opened UNION ALL SELECT device, 0, 1 FROM used) each_one
       GROUP BY device
     )
     INSERT INTO session_device_days (day, device, sessions_opened, active_sessions)
     SELECT $1::date, CASE WHEN place <= $5 THEN device ELSE 'Other' END AS name, sum(opened), sum(used)
     FROM counted GROUP BY name`,
    [...bounds, ACTIVITY, DEVICES_A_DAY],
  );
}

async function countRevocations(tx: Transaction, bounds: Bounds): Promise<void> {
  await tx.query('DELETE FROM session_revocation_days WHERE day = $1', [bounds[0]]);
  await tx.query(
    `INSERT INTO session_revocation_days (day, reason, sessions, accounts)
     SELECT $1::date, coalesce(detail ->> 'reason', 'unknown') AS reason,
       count(*) FILTER (WHERE kind = 'session.revoked'), count(*) FILTER (WHERE kind = 'sessions.revoked_all')
     FROM auth_events WHERE at >= $2 AND at < $3 AND kind IN ('session.revoked', 'sessions.revoked_all')
     GROUP BY 2`,
    bounds,
  );
}

/** A UUID that is the same when the day is counted again: of version 8 (RFC 9562), made of what was found. */
const ID = `overlay(overlay(md5(rule.kind || first_event) PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid`;

async function findSuspicious(tx: Transaction, [, from, until]: Bounds): Promise<void> {
  const rules = Object.values(SUSPICION_RULES);
  await tx.query('DELETE FROM suspicious_activity WHERE first_at >= $1 AND first_at < $2', [from, until]);
  await tx.query(
    `INSERT INTO suspicious_activity (first_at, id, kind, first_event, last_at, events, user_id, session_id)
     SELECT first_at, ${ID}, rule.kind, first_event, last_at, events,
       CASE WHEN rule.by <> 'address' THEN user_id END, CASE WHEN rule.by = 'session' THEN session_id END
     FROM unnest($3::text[], $4::text[], $5::text[], $6::int[]) AS rule (kind, event, by, threshold),
       LATERAL (
         SELECT min(at) AS first_at, max(at) AS last_at, count(*) AS events,
           (array_agg(id ORDER BY at, id))[1] AS first_event,
           (array_agg(user_id ORDER BY at, id))[1] AS user_id, (array_agg(session_id ORDER BY at, id))[1] AS session_id
         FROM (
           SELECT at, id, user_id, session_id, date_trunc('hour', at, 'UTC') AS hour,
             CASE rule.by WHEN 'session' THEN session_id::text WHEN 'account' THEN user_id::text ELSE ip END AS subject
           FROM auth_events WHERE at >= $1 AND at < $2 AND kind = rule.event
         ) event
         WHERE subject IS NOT NULL GROUP BY hour, subject HAVING count(*) >= rule.threshold
       ) found`,
    [
      from,
      until,
      SUSPICION_KINDS,
      rules.map(({ event }) => event),
      rules.map(({ by }) => by),
      rules.map(({ threshold }) => threshold),
    ],
  );
}
