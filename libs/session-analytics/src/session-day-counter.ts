import { Database } from '@app/database';
import { defineJob, JobHandlers } from '@app/jobs';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { isDue } from './counting-schedule.js';
import { CountedDays, databaseTime, DayCounts } from './postgres/index.js';
import type { UtcDay } from './utc-day.js';

/** After a pause, or for the first time, there may be hundreds of days to count. */
const TIMEOUT_MS = 600_000;

export const countSessionDays = defineJob({
  name: 'count-session-days',
  payload: z.object({}),
  attempts: 3,
  timeoutMs: TIMEOUT_MS,
});

/**
 * Counts events into numbers by day, every ten minutes. Each day is one transaction that replaces its numbers: counting
 * again, on two instances at once, or again after a process was killed, changes nothing.
 */
@Injectable()
export class SessionDayCounter implements OnModuleInit {
  constructor(
    private readonly days: CountedDays,
    private readonly counts: DayCounts,
    private readonly database: Database,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    const run = async (signal: AbortSignal) => void (await this.run(await databaseTime(this.database), signal));
    this.handlers.handle(countSessionDays, (_, { signal }) => run(signal), { cron: '*/10 * * * *', payload: {} });
  }

  /** Counts what is due, the newest day first; gives the days. What an abort leaves is due the next time. */
  async run(now: Date, signal?: AbortSignal): Promise<UtcDay[]> {
    const unfinished = await this.days.unfinished(now);
    const due = unfinished.filter((standing) => isDue(standing, now)).toReversed();
    for (const { day } of due) {
      signal?.throwIfAborted();
      await this.counts.replace(day, now);
    }
    return due.map(({ day }) => day);
  }
}
