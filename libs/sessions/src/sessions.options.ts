import type { SessionPolicies } from './session-policy.js';

export interface SessionsOptions {
  /** Root of the key that refresh tokens are derived with. */
  readonly secret: string;
  readonly policies: SessionPolicies;
  /**
   * How a request learns that its session is in force: `strict` asks the projection, `streamed` the revocations that
   * this process keeps in memory.
   */
  readonly accessCheck: 'strict' | 'streamed';
  /** Longest life of an access token; tombstones outlive it. */
  readonly accessTtlMs: number;
}

export const SESSIONS_OPTIONS = Symbol('SESSIONS_OPTIONS');
