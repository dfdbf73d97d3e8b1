export interface JobsOptions {
  /** Whether this process makes and changes the tables of jobs at start; `npm run migrate` does it otherwise. */
  readonly migrateOnStart: boolean;
  /** How long jobs in hand may take when the process stops; then they are handed back. */
  readonly drainTimeoutMs: number;
}

export const JOBS_OPTIONS = Symbol('JOBS_OPTIONS');
