/** How a value is cached. */
export interface CacheUse {
  /** Depends on these; a write that changes what they stand for invalidates them. */
  readonly tags?: readonly string[];
  /** How long it is fresh; the configured default unless given. Up to a tenth less, so that not all end together. */
  readonly ttlMs?: number;
  /** How much longer it may be used while a new one is loaded, or when that fails; ten minutes unless given. */
  readonly staleMs?: number;
  /** How long it is remembered that a load gave `undefined`; ten seconds unless given. */
  readonly absentTtlMs?: number;
}

const STALE_MS = 600_000;
const ABSENT_MS = 10_000;
const JITTER = 0.1;

export interface Lifetimes {
  readonly freshMs: number;
  readonly staleMs: number;
}

export function lifetimesOf(use: CacheUse, isAbsent: boolean, defaultTtlMs: number): Lifetimes {
  if (isAbsent) return { freshMs: use.absentTtlMs ?? ABSENT_MS, staleMs: 0 };
  const { ttlMs = defaultTtlMs, staleMs = STALE_MS } = use;
  return { freshMs: ttlMs * (1 - Math.random() * JITTER), staleMs };
}
