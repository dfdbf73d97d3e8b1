export interface SessionAnalyticsOptions {
  /** How long events are kept at least; what was counted of them stays. */
  readonly eventRetentionMs: number;
}

export const SESSION_ANALYTICS_OPTIONS = Symbol('SESSION_ANALYTICS_OPTIONS');
