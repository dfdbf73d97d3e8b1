import { HealthRegistry, Metrics } from '@app/observability';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { JobHandlers, type HandledKind } from '../job-handlers.js';
import { attemptsOf, Boss, type RunningJob } from './boss.js';

const RETRY_START_MS = 5000;
const HEALTH_TIMEOUT_MS = 500;

/** Runs jobs from the application's start to its end, and counts what becomes of them. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly outcomes;
  private retry: NodeJS.Timeout | undefined;
  private starting: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly boss: Boss,
    private readonly handlers: JobHandlers,
    metrics: Metrics,
    health: HealthRegistry,
  ) {
    this.outcomes = metrics.counter({
      name: 'jobs_total',
      help: 'Tries of jobs, by kind and outcome; failed ones are tried again, dead ones are not.',
      labelNames: ['kind', 'outcome'],
    });
    metrics.gauge({
      name: 'jobs_waiting',
      help: 'Jobs that wait or run, by kind and state.',
      labelNames: ['kind', 'state'],
      async collect() {
        for (const { name: kind, readyCount, deferredCount, activeCount } of await boss.depth().catch(() => [])) {
          this.set({ kind, state: 'ready' }, readyCount);
          this.set({ kind, state: 'deferred' }, deferredCount);
          this.set({ kind, state: 'active' }, activeCount);
        }
      },
    });
    health.register({
      name: 'jobs',
      timeoutMs: HEALTH_TIMEOUT_MS,
      check: async () => {
        if (!boss.isReady) throw new Error('The queue of jobs has not started');
      },
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.starting;
    await this.boss.stop();
  }

  /** Tries again later where the tables are not there yet: the process is not ready until then, but it runs. */
  private async start(): Promise<void> {
    try {
      await this.boss.start(this.handlers.all());
      for (const handled of this.handlers.all()) await this.boss.work(handled.kind, (job) => this.run(handled, job));
    } catch (error) {
      this.logger.warn(`Jobs wait: ${(error as Error).message}`);
      if (this.stopped) return;
      this.retry = setTimeout(() => {
        this.starting = this.start();
      }, RETRY_START_MS).unref();
    }
  }

  private async run({ kind, handle }: HandledKind, { id, data, attempt, signal }: RunningJob): Promise<void> {
    try {
      await handle(kind.payload.parse(data), { id, attempt, signal });
      this.outcomes.inc({ kind: kind.name, outcome: 'completed' });
    } catch (error) {
      const dead = attempt >= attemptsOf(kind);
      this.outcomes.inc({ kind: kind.name, outcome: dead ? 'dead' : 'failed' });
      const { message } = error as Error;
      this.logger[dead ? 'error' : 'warn']({ event: 'job_failed', kind: kind.name, id, attempt, dead, message });
      throw error;
    }
  }
}
