import { Module } from '@nestjs/common';
import { JobHandlers } from './job-handlers.js';
import { JobQueue } from './job-queue.js';
import { ConfigurableModuleClass } from './jobs.module-definition.js';
import { Boss, BossJobQueue, JobRunner } from './postgres/index.js';

@Module({
  providers: [Boss, JobHandlers, JobRunner, { provide: JobQueue, useClass: BossJobQueue }],
  exports: [JobHandlers, JobQueue],
})
export class JobsModule extends ConfigurableModuleClass {}
