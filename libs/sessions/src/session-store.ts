/** The latest sign of life of a session. */
export interface SessionActivity {
  readonly sessionId: string;
  /** Milliseconds since the epoch. */
  readonly seenAt: number;
  readonly ip: string;
  /** Generation of the refresh token behind the access token that was used. */
  readonly generation: number;
}

/**
 * What is known of live sessions between two writes to the ledger. Implementations must pass
 * `sessionStoreContract()`.
 *
 * Guarantees: the latest activity of a session wins, whatever order they arrive in; `drain` hands each recorded
 * activity to exactly one caller; losing everything loses at most a minute of last-seen times.
 *
 * @throws {UnavailableError} from every method when a shared store does not answer
 */
export abstract class SessionStore {
  abstract record(activity: SessionActivity): Promise<void>;

  /** The activities of these sessions that the ledger may not have yet. */
  abstract recent(sessionIds: readonly string[]): Promise<SessionActivity[]>;

  /** Takes out up to `limit` activities, to be written to the ledger. */
  abstract drain(limit: number): Promise<SessionActivity[]>;
}
