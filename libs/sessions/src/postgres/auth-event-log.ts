import { Database, type Queryable } from '@app/database';
import { newId } from '@app/http';
import { Injectable } from '@nestjs/common';
import type { AuthEvent } from '../auth-event.js';

/** The append-only table of what happened to accounts and sessions. */
@Injectable()
export class AuthEventLog {
  constructor(private readonly database: Database) {}

  /** Writes events as part of what they tell of, when `tx` is its transaction. */
  async record(events: readonly AuthEvent[], tx: Queryable = this.database): Promise<void> {
    if (events.length === 0) return;
    await tx.query(
      `INSERT INTO auth_events (id, kind, user_id, session_id, actor_id, ip, device_name, detail, at)
       SELECT id, kind, user_id, session_id, actor_id, ip, device_name, detail, coalesce(at, now())
       FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::jsonb[],
         $9::timestamptz[]) AS event (id, kind, user_id, session_id, actor_id, ip, device_name, detail, at)`,
      [
        events.map(() => newId()),
        events.map(({ kind }) => kind),
        events.map(({ userId }) => userId ?? null),
        events.map(({ sessionId }) => sessionId ?? null),
        events.map(({ actorId }) => actorId ?? null),
        events.map(({ ip }) => ip ?? null),
        events.map(({ deviceName }) => deviceName ?? null),
        events.map(({ detail }) => JSON.stringify(detail ?? {})),
        events.map(({ at }) => at ?? null),
      ],
    );
  }
}
