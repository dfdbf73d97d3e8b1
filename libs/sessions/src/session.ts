import type { Role } from '@app/http';

/** One login on one device. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  /** Parsed from the user agent, e.g. `Firefox on Linux`. */
  readonly deviceName: string;
  /** Where it was last seen. */
  readonly ip: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
}

/** What the ledger needs to know to issue tokens for a session. */
export interface SessionGrant {
  readonly sessionId: string;
  readonly userId: string;
  /** Epoch of the user that the session belongs to. */
  readonly epoch: number;
  /** Generation of the refresh token that is current. */
  readonly generation: number;
  readonly refreshToken: string;
  /** How long the session lasts from now on if it is not refreshed. */
  readonly remainingMs: number;
}

/** Whose session, as the login read the account. */
export interface SessionOwner {
  readonly id: string;
  /** The user's epoch when the password was read: a password that was changed since opens nothing. */
  readonly authEpoch: number;
  readonly roles: readonly Role[];
}

/** Which session a token claims to belong to. */
export interface SessionRef {
  readonly userId: string;
  readonly sessionId: string;
}

export type RevokeReason =
  | 'logout'
  | 'logout_all'
  | 'revoked'
  | 'refresh_reused'
  | 'session_limit'
  | 'password_changed'
  | 'password_reset'
  | 'account_disabled'
  | 'account_deleted'
  | 'admin';
