import { Injectable } from '@nestjs/common';
import { SessionStore, type SessionActivity } from '../session-store.js';

@Injectable()
export class MemorySessionStore extends SessionStore {
  private readonly activities = new Map<string, SessionActivity>();

  async record(activity: SessionActivity): Promise<void> {
    const known = this.activities.get(activity.sessionId);
    if (known === undefined || known.seenAt < activity.seenAt) this.activities.set(activity.sessionId, activity);
  }

  async recent(sessionIds: readonly string[]): Promise<SessionActivity[]> {
    return sessionIds.flatMap((id) => this.activities.get(id) ?? []);
  }

  async drain(limit: number): Promise<SessionActivity[]> {
    const batch = [...this.activities.values().take(limit)];
    for (const { sessionId } of batch) this.activities.delete(sessionId);
    return batch;
  }
}
