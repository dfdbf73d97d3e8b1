import { Injectable } from '@nestjs/common';
import type { JobKind } from './job-kind.js';

/** One try of a job. */
export interface JobRun {
  readonly id: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborted when the time for this try is over, or the process ends. */
  readonly signal: AbortSignal;
}

export type JobHandler<Payload> = (payload: Payload, run: JobRun) => Promise<void>;

export interface HandledKind {
  readonly kind: JobKind<object>;
  readonly handle: JobHandler<object>;
  readonly schedule?: JobSchedule<object> | undefined;
}

export interface JobSchedule<Payload> {
  /** Five fields, in UTC. */
  readonly cron: string;
  readonly payload: Payload;
}

/** Who does what: filled while modules initialise (`onModuleInit`), read when the application starts. */
@Injectable()
export class JobHandlers {
  private readonly handled = new Map<string, HandledKind>();

  /** A kind has one handler. With a `schedule`, one of all processes enqueues a job each time it is due. */
  handle<Payload extends object>(
    kind: JobKind<Payload>,
    handle: JobHandler<Payload>,
    schedule?: JobSchedule<Payload>,
  ): void {
    if (this.handled.has(kind.name)) throw new Error(`Two handlers for jobs of the kind ${kind.name}`);
    this.handled.set(kind.name, { kind, handle, schedule } as unknown as HandledKind);
  }

  all(): readonly HandledKind[] {
    return [...this.handled.values()];
  }
}
