import { Database } from '@app/database';
import { defineJob, JobHandlers } from '@app/jobs';
import { AuthEventPartitions } from '@app/sessions';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { CountedDays, databaseTime, SuspiciousActivity } from './postgres/index.js';
import { SESSION_ANALYTICS_OPTIONS, type SessionAnalyticsOptions } from './session-analytics.options.js';
import { dayOf, startOf } from './utc-day.js';

const BATCH = 5000;

const retireAuthEvents = defineJob({ name: 'retire-auth-events', payload: z.object({}), timeoutMs: 300_000 });

/**
 * Removes events that are older than the retention: whole partitions, and in batches what is in the default one. None
 * goes before its day has been counted for good, so that a job that is late costs room and no number.
 */
@Injectable()
export class EventRetention implements OnModuleInit {
  private readonly logger = new Logger(EventRetention.name);

  constructor(
    private readonly partitions: AuthEventPartitions,
    private readonly days: CountedDays,
    private readonly suspicious: SuspiciousActivity,
    private readonly database: Database,
    private readonly handlers: JobHandlers,
    @Inject(SESSION_ANALYTICS_OPTIONS) private readonly options: SessionAnalyticsOptions,
  ) {}

  onModuleInit(): void {
    const run = async (signal: AbortSignal) => this.run(await databaseTime(this.database), signal);
    this.handlers.handle(retireAuthEvents, (_, { signal }) => run(signal), { cron: '37 * * * *', payload: {} });
  }

  async run(now: Date, signal?: AbortSignal): Promise<void> {
    const old = startOf(dayOf(new Date(now.getTime() - this.options.eventRetentionMs)));
    const counted = await this.days.finishedUntil(now);
    const before = old < counted ? old : counted;
    for (const partition of await this.partitions.list()) {
      if (partition.until > before) break;
      await this.partitions.drop(partition);
      this.logger.log({ event: 'event_partition_dropped', partition: partition.table });
    }
    await this.emptyDefault(before, signal);
    await this.suspicious.deleteBefore(before);
  }

  private async emptyDefault(before: Date, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const deleted = await this.partitions.deleteFromDefault(before, BATCH);
      if (deleted > 0) this.logger.log({ event: 'events_deleted_from_default_partition', deleted });
      if (deleted < BATCH) return;
    }
  }
}
