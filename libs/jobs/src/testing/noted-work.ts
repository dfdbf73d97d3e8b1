import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { JobHandlers, type JobRun } from '../job-handlers.js';
import { defineJob } from '../job-kind.js';

const payload = z.object({
  key: z.string(),
  /** How many tries fail before one succeeds. */
  failures: z.int().default(0),
  /** How long a try takes. */
  holdMs: z.int().default(0),
});
export type NotedPayload = z.input<typeof payload>;

const schema = payload as z.ZodType<NotedPayload>;
/** Two at once, three tries. */
export const notedJob = defineJob({
  name: 'noted',
  payload: schema,
  attempts: 3,
  retryAfterMs: 1000,
  concurrency: 2,
});
export const serialJob = defineJob({ name: 'noted.serial', payload: schema, attempts: 3, retryAfterMs: 1000 });

export interface NotedTry {
  readonly key: string;
  readonly attempt: number;
  readonly beganAt: number;
  readonly atOnce: number;
}

/** Handlers for tests: they do what the payload says and note every try. */
@Injectable()
export class NotedWork implements OnModuleInit {
  readonly tries: NotedTry[] = [];
  private running = 0;

  constructor(private readonly handlers: JobHandlers) {}

  onModuleInit(): void {
    for (const kind of [notedJob, serialJob]) {
      this.handlers.handle(kind, (given, run) => this.run(payload.parse(given), run));
    }
  }

  triesOf(key: string): NotedTry[] {
    return this.tries.filter((each) => each.key === key);
  }

  private async run({ key, failures, holdMs }: z.output<typeof payload>, { attempt, signal }: JobRun): Promise<void> {
    this.running += 1;
    this.tries.push({ key, attempt, beganAt: Date.now(), atOnce: this.running });
    try {
      await sleep(holdMs, undefined, { signal });
      if (attempt <= failures) throw new Error('as told');
    } finally {
      this.running -= 1;
    }
  }
}
