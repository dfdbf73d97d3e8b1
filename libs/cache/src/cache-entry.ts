/**
 * What a load came to: a value; that there is none; or a failure, which is remembered for a moment so that not
 * everybody calls a loader that fails.
 */
export type EntryKind = 'value' | 'absent' | 'failed';

/** What a store keeps. Times are milliseconds since the epoch. */
export interface CacheEntry {
  readonly kind: EntryKind;
  /** Empty unless it is a value. Not to be changed. */
  readonly bytes: Buffer;
  /** When it was loaded. */
  readonly storedAt: number;
  readonly freshUntil: number;
  /** Until then it may be used while a new one is loaded, or when that fails. */
  readonly staleUntil: number;
  /** How long the load took, in milliseconds. */
  readonly loadMs: number;
}

/** What is given to a store to keep. */
export interface NewEntry {
  readonly kind: EntryKind;
  readonly bytes: Buffer;
  /** Now unless given. */
  readonly storedAt?: number;
  readonly freshMs: number;
  /** Beyond `freshMs`. */
  readonly staleMs: number;
  readonly loadMs: number;
  /** False where the bytes are compressed already. */
  readonly compressible?: boolean;
}

/** What an operator sees of an entry. */
export interface EntryFacts {
  readonly name: string;
  readonly tags: readonly string[];
  readonly kind: EntryKind;
  /** As it is kept, compressed or not. */
  readonly sizeBytes: number;
  readonly storedAt: number;
  readonly freshUntil: number;
}

/** A moment, never negative lengths, never longer than an entry may live. */
export function entryAt(now: number, { kind, bytes, storedAt = now, freshMs, staleMs, loadMs }: NewEntry): CacheEntry {
  const freshUntil = now + bounded(freshMs);
  return {
    kind,
    bytes,
    storedAt,
    freshUntil,
    staleUntil: Math.min(freshUntil + bounded(staleMs), now + MAX_LIFE_MS),
    loadMs,
  };
}

/** Shorter than the versions of tags are kept. */
export const MAX_LIFE_MS = 7 * 24 * 3600 * 1000;

function bounded(ms: number): number {
  return Math.min(Math.max(0, Math.ceil(ms)), MAX_LIFE_MS);
}
