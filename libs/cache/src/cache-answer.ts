import { CacheLoadFailedError } from './cache.errors.js';
import type { LocalEntry } from './local-cache.js';

/** Where an answer comes from: memory, the store, either though not fresh any more, another caller's load, its own. */
export type AnswerSource = 'local' | 'store' | 'stale' | 'coalesced' | 'load';

export interface CacheAnswer<Value> {
  /** Undefined when a load found that there is none. Not to be changed: others have the same object. */
  readonly value: Value | undefined;
  /** When it was loaded, in milliseconds since the epoch. */
  readonly storedAt: number;
  readonly freshUntil: number;
  readonly source: AnswerSource;
}

/** @throws what the load threw, when that is remembered */
export function answerOf<Value>(entry: LocalEntry, source: AnswerSource): CacheAnswer<Value> {
  const { storedAt, freshUntil } = entry;
  return { value: valueOf(entry) as Value | undefined, storedAt, freshUntil, source };
}

/** @throws what the load threw, when that is remembered */
export function valueOf({ kind, value }: LocalEntry): unknown {
  if (kind === 'failed') throw value instanceof Error ? value : new CacheLoadFailedError();
  return value;
}
