import { Database } from '@app/database';
import { defineJob, JobHandlers } from '@app/jobs';
import { AuthEventPartitions, monthsFrom } from '@app/sessions';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { databaseTime } from './postgres/index.js';

/** This month and the next three: for so long events find their partition though no job runs. */
const MONTHS = 4;

const partitionAuthEvents = defineJob({ name: 'partition-auth-events', payload: z.object({}) });

/** Makes the partitions of the events ahead of time. */
@Injectable()
export class EventPartitioning implements OnModuleInit {
  private readonly logger = new Logger(EventPartitioning.name);

  constructor(
    private readonly partitions: AuthEventPartitions,
    private readonly database: Database,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    const run = async () => this.run(await databaseTime(this.database));
    this.handlers.handle(partitionAuthEvents, run, { cron: '7 * * * *', payload: {} });
  }

  async run(now: Date): Promise<void> {
    const there = await this.partitions.list();
    const missing = monthsFrom(now, MONTHS).filter(
      ({ from }) => !there.some((one) => one.from <= from && from < one.until),
    );
    for (const month of missing) {
      const made = await this.partitions.create(month);
      if (made.outcome === 'made') {
        this.logger.log({ event: 'event_partition_made', month: month.name, moved: made.moved });
      } else if (made.outcome === 'too_many') {
        this.logger.warn({ event: 'events_stay_in_default_partition', month: month.name });
      }
    }
  }
}
