import type { z } from 'zod';

/** A sort of job: its name, what it is given, and how it is run. */
export interface JobKind<Payload> {
  /** Letters, digits, `-` and `.`; it is stored, so it never changes. */
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  /** Tries in all; after the last one the job is a dead letter. 6 unless given. */
  readonly attempts?: number;
  /** Wait before the second try, at least a second; it doubles with each further one. 2 s unless given. */
  readonly retryAfterMs?: number;
  /** Longest time for one try; then it counts as failed. A minute unless given. */
  readonly timeoutMs?: number;
  /** Jobs of the kind that one process runs at once. 1 unless given. */
  readonly concurrency?: number;
}

/** Keeps the type of the payload that the schema gives. */
export function defineJob<Payload extends object>(kind: JobKind<Payload>): JobKind<Payload> {
  return kind;
}
