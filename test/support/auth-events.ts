import { randomUUID } from 'node:crypto';
import { runSql } from './run-sql.js';

/** An event as the product would have written it; `at` may have microseconds. */
export interface WrittenEvent {
  readonly kind: string;
  readonly at: string | Date;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly ip?: string;
  readonly device?: string;
  readonly detail?: object;
}

/** Writes events into the table, whatever partition takes them. */
export async function writeEvents(databaseUrl: string, events: readonly WrittenEvent[]): Promise<void> {
  const rows = events.map(({ kind, at, userId, sessionId, ip, device, detail = {} }) => ({
    id: randomUUID(),
    kind,
    at: at instanceof Date ? at.toISOString() : at,
    user_id: userId ?? null,
    session_id: sessionId ?? null,
    ip: ip ?? null,
    device_name: device ?? null,
    detail,
  }));
  await runSql(
    databaseUrl,
    `INSERT INTO auth_events (id, kind, at, user_id, session_id, ip, device_name, detail)
     SELECT id, kind, at, user_id, session_id, ip, device_name, detail
     FROM jsonb_populate_recordset(NULL::auth_events, $1)`,
    [JSON.stringify(rows)],
  );
}
