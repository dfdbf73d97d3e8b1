import type { Transaction } from '@app/database';
import type { JobKind } from './job-kind.js';

export interface EnqueueOptions {
  /** The job exists if and only if this transaction commits. */
  readonly tx?: Transaction;
  /** Not before this time; at once unless given. */
  readonly runAt?: Date;
  /** Of jobs that wait, the one with the highest priority is next. 0 unless given. */
  readonly priority?: number;
  /** While a job of the kind waits with this key, another is not taken. */
  readonly dedupeKey?: string;
}

/**
 * Work for later, kept in Postgres.
 *
 * Guarantees: a job that was taken is run at least once, whatever process is killed, until a try succeeds or the last
 * one has failed; so handlers are safe to repeat. Processes share the work; a job is run by one at a time. One
 * process's own job starts at once, another's within two seconds. A try whose process died is repeated within a
 * minute. There is no order beyond priority and time.
 */
export abstract class JobQueue {
  /**
   * Gives the job's id; undefined when one with the same `dedupeKey` waits already.
   *
   * @throws {UnavailableError} when Postgres cannot be reached or its jobs schema is not there yet
   * @throws {ZodError} for a payload that is not the kind's
   */
  abstract enqueue<Payload extends object>(
    kind: JobKind<Payload>,
    payload: Payload,
    options?: EnqueueOptions,
  ): Promise<string | undefined>;
}
