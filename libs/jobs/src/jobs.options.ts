export interface JobsOptions {
  /** Whether this process makes and changes the tables of jobs at start; `npm run migrate` does it otherwise. */
  readonly migrateOnStart: boolean;
  /** How long jobs in hand may take when the process stops; then they are handed back. */
  readonly drainTimeoutMs: number;
  /**
   * Whether no other process runs jobs of this database, as with the embedded one: what is in hand at start was left
   * by a process that died, and is handed back at once rather than when its heartbeat is missed.
   */
  readonly alone: boolean;
}

export const JOBS_OPTIONS = Symbol('JOBS_OPTIONS');
