import type { BucketDraw } from '@app/rate-limit';
import type { SessionRef } from './session.js';

export interface AccessRef extends SessionRef {
  /** The user's epoch when the token was issued. */
  readonly epoch: number;
}

/** `unknown`: the projection cannot tell, ask the ledger. */
export type AccessVerdict = 'ok' | 'revoked' | 'unknown';

/** The right to store what the ledger says, unless a revocation comes in between. */
export interface ProjectionLease {
  readonly nonce: string;
}

/** What the ledger says of a session. */
export interface SessionStanding {
  readonly revoked: boolean;
  /** The user's current epoch. */
  readonly epoch: number;
}

/** What a revocation ends: some sessions of a user, or everything issued before a new epoch. */
export type RevocationTarget =
  | { readonly userId: string; readonly sessionIds: readonly string[] }
  | { readonly userId: string; readonly epoch: number };

/**
 * The disposable projection of the ledger that requests ask. Implementations must pass
 * `tokenBlacklistContract()`. Losing all of it, at any time, costs a question to the ledger and nothing else.
 *
 * Guarantees:
 * - never `ok` for a session or an epoch that `announce` named, until the ledger's answer was filled in again;
 * - `revoked` for what `confirm` named, at least for the life of an access token;
 * - a user's epoch only ever rises, in whatever order revocations are confirmed;
 * - a fill counts only while its lease is held, and every announcement takes the user's lease away: what was read
 *   before a revocation can never be stored after it;
 * - no lease while a revocation is announced and not yet confirmed, for 30 s at most;
 * - `ok` is forgotten within 60 s.
 *
 * @throws {UnavailableError} from every method when a shared store does not answer
 */
export abstract class TokenBlacklist {
  /** True when all instances ask the same projection; false when each has its own and must be told of everything. */
  abstract readonly shared: boolean;

  /**
   * One round trip to a shared projection; one in this process answers at once, without a promise.
   *
   * @param draw tokens that may be taken in the same round trip, if the session is in force
   */
  abstract check(access: AccessRef, draw?: BucketDraw): Promise<AccessVerdict> | AccessVerdict;

  /** Undefined while another caller holds the user's lease. */
  abstract lease(session: SessionRef): Promise<ProjectionLease | undefined>;

  /** False when the lease was lost: then nothing is stored. */
  abstract fill(session: SessionRef, lease: ProjectionLease, standing: SessionStanding): Promise<boolean>;

  /** Before the ledger commits: nothing about the target is `ok` from now on. For epochs, name the next one. */
  abstract announce(target: RevocationTarget): Promise<void>;

  /**
   * After the ledger committed.
   *
   * @param generation the projection's at the commit, the current one unless given: others may not have learnt of a
   *   later one yet, and who reads the ledger for a later one finds the revocation there
   */
  abstract confirm(target: RevocationTarget, generation?: number): Promise<void>;
}

/** How long an `ok` may be remembered. */
export const ACTIVE_TTL_MS = 60_000;
/** How long an announcement that was never confirmed (its process died) keeps the projection from answering. */
export const PENDING_TTL_MS = 30_000;
export const LEASE_TTL_MS = 2_000;
/** Beyond the life of an access token: one may still be on its way to the client when its session ends. */
const TOMBSTONE_MARGIN_MS = 60_000;

/** How long a revocation must be remembered: until no access token from before it can be good otherwise. */
export function tombstoneTtlMs({ accessTtlMs }: { readonly accessTtlMs: number }): number {
  return accessTtlMs + TOMBSTONE_MARGIN_MS;
}
