import { Database } from '@app/database';
import { UnavailableError } from '@app/errors';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import type { HandledKind } from '../job-handlers.js';
import type { JobKind } from '../job-kind.js';
import { JOBS_OPTIONS, type JobsOptions } from '../jobs.options.js';
import { bossOptions, SCHEMA } from './boss-options.js';
import { DueJobs } from './due-jobs.js';

/** Where jobs end whose last try failed; each keeps its kind, its payload and its error. */
export const DEAD_LETTERS = 'dead-letters';

const DEFAULTS = { attempts: 6, retryAfterMs: 2000, timeoutMs: 60_000 };
const LONGEST_RETRY_SECONDS = 3600;
const HEARTBEAT_SECONDS = 20;
/** Only in case: workers are woken when a job of their kind is due. */
const WORKER_LOOKS_EVERY_SECONDS = 60;
/** Payloads may hold addresses: those of finished jobs go soon. */
const KEEP_COMPLETED_SECONDS = 3600;
const SAME_TROUBLE_MS = 60_000;

/** pg-boss of this process: started once the tables are there, with a queue for each kind. */
@Injectable()
export class Boss {
  private readonly logger = new Logger('Jobs');
  private readonly workers = new Map<string, string[]>();
  private readonly troubles = new Map<string, number>();
  private readonly boss: PgBoss;
  private readonly due: DueJobs;
  private kinds: ReadonlySet<string> | undefined;

  constructor(
    private readonly database: Database,
    @Inject(JOBS_OPTIONS) private readonly options: JobsOptions,
  ) {
    this.boss = new PgBoss({ ...bossOptions(database), migrate: options.migrateOnStart });
    this.due = new DueJobs(database, (kind) => this.wake(kind));
    this.boss.on('error', ({ message }) => this.report(message));
    this.boss.on('warning', ({ message }) => this.report(message));
  }

  /** Safe to repeat after it failed. */
  async start(handled: readonly HandledKind[]): Promise<void> {
    await this.boss.start();
    const queues = new Set((await this.boss.getQueues()).map(({ name }) => name));
    if (!queues.has(DEAD_LETTERS)) await this.boss.createQueue(DEAD_LETTERS);
    for (const { kind, schedule } of handled) {
      const settings = queueSettings(kind);
      if (queues.has(kind.name)) await this.boss.updateQueue(kind.name, settings);
      // At most one waiting job for each key; a job without one gets its own.
      else await this.boss.createQueue(kind.name, { policy: 'short', ...settings });
      if (schedule) await this.boss.schedule(kind.name, schedule.cron, kind.payload.parse(schedule.payload));
    }
    if (this.options.alone && !this.isReady) await this.handBackOrphans();
    this.kinds = new Set(handled.map(({ kind }) => kind.name));
    this.due.start([...this.kinds]);
  }

  get isReady(): boolean {
    return this.kinds !== undefined;
  }

  /**
   * Also after `stop`, for requests that still run then.
   *
   * @throws {UnavailableError} before it has started
   */
  sender(kind: JobKind<object>): PgBoss {
    if (this.kinds === undefined) throw new UnavailableError('database', 'The queue of jobs has not started.');
    // A queue that is not there would be looked for on a second connection, inside the caller's transaction.
    if (!this.kinds.has(kind.name)) throw new Error(`Nobody handles jobs of the kind ${kind.name}`);
    return this.boss;
  }

  /** Runs `work` on jobs of the kind as they come; each worker asks for the next as soon as it has done one. */
  async work({ name, concurrency = 1 }: JobKind<object>, work: (job: RunningJob) => Promise<void>): Promise<void> {
    const ids: string[] = [];
    this.workers.set(name, ids);
    for (let worker = 0; worker < concurrency; worker += 1) {
      const id = await this.boss.work<object, void>(
        name,
        { pollingIntervalSeconds: WORKER_LOOKS_EVERY_SECONDS },
        async ([job]) => {
          try {
            if (job !== undefined) await work({ ...job, attempt: job.retryCount + 1, signal: job.signal });
          } finally {
            this.boss.notifyWorker(id);
          }
        },
      );
      ids.push(id);
    }
  }

  /** Has this process look for jobs of the kind now. */
  wake(kindName: string): void {
    for (const id of this.workers.get(kindName) ?? []) this.boss.notifyWorker(id);
  }

  /** How many jobs wait or run, as the last count, some seconds ago, found them. */
  async depth(): Promise<readonly { name: string; readyCount: number; deferredCount: number; activeCount: number }[]> {
    return this.isReady ? this.boss.getQueues() : [];
  }

  /** Lets jobs in hand end; those that do not in time are handed back to be tried again. */
  async stop(): Promise<void> {
    this.due.stop();
    await this.boss.stop({ graceful: true, timeout: this.options.drainTimeoutMs });
  }

  /** Counted as a failed try: a job that kills its process does so a few times, not for ever. */
  private async handBackOrphans(): Promise<void> {
    const orphans = await this.database.query<{ name: string; ids: string[] }>(
      `SELECT name, array_agg(id::text) AS ids FROM ${SCHEMA}.job WHERE state = 'active' GROUP BY name`,
    );
    for (const { name, ids } of orphans) await this.boss.fail(name, ids, { message: 'Its process died.' });
  }

  /** Once a minute for each trouble: while the database is out, every worker meets the same one every two seconds. */
  private report(message: string): void {
    const trouble = message.replace(/ \(Queue: .*$/s, '');
    const now = Date.now();
    if (now - (this.troubles.get(trouble) ?? 0) < SAME_TROUBLE_MS) return;
    this.troubles.set(trouble, now);
    this.logger.warn(trouble);
  }
}

export interface RunningJob {
  readonly id: string;
  readonly data: object;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** Tries that a job of the kind gets. */
export function attemptsOf({ attempts = DEFAULTS.attempts }: JobKind<object>): number {
  return attempts;
}

function queueSettings(kind: JobKind<object>) {
  const { retryAfterMs = DEFAULTS.retryAfterMs, timeoutMs = DEFAULTS.timeoutMs } = kind;
  return {
    deadLetter: DEAD_LETTERS,
    retryLimit: attemptsOf(kind) - 1,
    retryDelay: Math.max(1, Math.round(retryAfterMs / 1000)),
    retryBackoff: true,
    retryDelayMax: LONGEST_RETRY_SECONDS,
    expireInSeconds: Math.max(1, Math.ceil(timeoutMs / 1000)),
    heartbeatSeconds: HEARTBEAT_SECONDS,
    deleteAfterSeconds: KEEP_COMPLETED_SECONDS,
  };
}
