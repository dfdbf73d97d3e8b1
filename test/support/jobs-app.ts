import { DatabaseModule, Database, type DatabaseAddress } from '@app/database';
import { JobQueue, JobsModule } from '@app/jobs';
import { NotedWork } from '@app/jobs/testing';
import { ObservabilityModule } from '@app/observability';
import { Module, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

/** Jobs alone, on a database: what an application has of them. */
export interface JobsApp {
  readonly context: INestApplicationContext;
  readonly queue: JobQueue;
  readonly database: Database;
  readonly work: NotedWork;
  stop(): Promise<void>;
}

interface JobsAppOptions {
  readonly address: DatabaseAddress;
  readonly migrateOnStart?: boolean;
  readonly drainTimeoutMs?: number;
  readonly alone?: boolean;
  /** Further providers, such as handlers. */
  readonly providers?: readonly Type[];
}

export async function startJobsApp({
  address,
  migrateOnStart = true,
  drainTimeoutMs = 5000,
  alone = false,
  providers = [],
}: JobsAppOptions): Promise<JobsApp> {
  @Module({
    imports: [
      ObservabilityModule,
      DatabaseModule.forRoot({
        address,
        poolMin: 0,
        poolMax: 5,
        acquireTimeoutMs: 5000,
        statementTimeoutMs: 20_000,
        migrations: [],
        migrateOnStart: false,
      }),
      JobsModule.forRoot({ migrateOnStart, drainTimeoutMs, alone }),
    ],
    providers: [NotedWork, ...providers],
  })
  class JobsAppModule {}

  const context = await NestFactory.createApplicationContext(JobsAppModule, { logger: false, abortOnError: false });
  return {
    context,
    queue: context.get(JobQueue),
    database: context.get(Database),
    work: context.get(NotedWork),
    stop: () => context.close(),
  };
}
