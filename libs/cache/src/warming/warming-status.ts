/** Why the cache was warmed. */
export type WarmingTrigger = 'start' | 'invalidation' | 'schedule' | 'admin';

/** How far a warming is, or what came of the last one. */
export interface WarmingStatus {
  readonly state: 'never' | 'running' | 'done';
  readonly trigger: WarmingTrigger | null;
  /** Answers to be there, there already or made now, and not to be had. */
  readonly total: number;
  readonly warmed: number;
  readonly failed: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export const NEVER_WARMED: WarmingStatus = {
  state: 'never',
  trigger: null,
  total: 0,
  warmed: 0,
  failed: 0,
  startedAt: null,
  finishedAt: null,
};
