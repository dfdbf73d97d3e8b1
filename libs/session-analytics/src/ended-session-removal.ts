import { Database } from '@app/database';
import { defineJob, JobHandlers } from '@app/jobs';
import { EndedSessions } from '@app/sessions';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { databaseTime } from './postgres/index.js';
import { DAY_MS } from './utc-day.js';

/** Whoever looks into an incident finds the session of an event for so long after its end. */
const KEPT_MS = 30 * DAY_MS;
const BATCH = 1000;

const deleteEndedSessions = defineJob({ name: 'delete-ended-sessions', payload: z.object({}), timeoutMs: 300_000 });

/** Deletes sessions 30 days after their end. What happened to them is in the events. */
@Injectable()
export class EndedSessionRemoval implements OnModuleInit {
  private readonly logger = new Logger(EndedSessionRemoval.name);

  constructor(
    private readonly sessions: EndedSessions,
    private readonly database: Database,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    const run = async (signal: AbortSignal) => void (await this.run(await databaseTime(this.database), { signal }));
    this.handlers.handle(deleteEndedSessions, (_, { signal }) => run(signal), { cron: '52 * * * *', payload: {} });
  }

  /** Gives how many it deleted. `batch`: sessions that one statement looks at. */
  async run(now: Date, { signal, batch = BATCH }: { signal?: AbortSignal; batch?: number } = {}): Promise<number> {
    const before = new Date(now.getTime() - KEPT_MS);
    let total = 0;
    let last: string | undefined;
    do {
      signal?.throwIfAborted();
      const done = await this.sessions.deleteBatch(before, batch, last);
      total += done.deleted;
      ({ last } = done);
    } while (last !== undefined);
    if (total > 0) this.logger.log({ event: 'ended_sessions_deleted', total });
    return total;
  }
}
