export interface SessionsOptions {
  /** Root of the key that refresh tokens are derived with. */
  readonly secret: string;
  readonly idleTtlMs: number;
  readonly absoluteTtlMs: number;
  /** How long the previous refresh token still gets the same successor. */
  readonly graceMs: number;
  /** Live sessions of one user. */
  readonly sessionLimit: number;
  /**
   * How a request learns that its session is in force: `strict` asks the projection, `streamed` the revocations that
   * this process keeps in memory.
   */
  readonly accessCheck: 'strict' | 'streamed';
  /** Longest life of an access token; tombstones outlive it. */
  readonly accessTtlMs: number;
}

export const SESSIONS_OPTIONS = Symbol('SESSIONS_OPTIONS');
