import { Clock } from '@app/clock';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { SessionRef } from '../session.js';
import { SESSIONS_OPTIONS, type SessionsOptions } from '../sessions.options.js';
import {
  ACTIVE_TTL_MS,
  LEASE_TTL_MS,
  PENDING_TTL_MS,
  TokenBlacklist,
  tombstoneTtlMs,
  type AccessRef,
  type AccessVerdict,
  type ProjectionLease,
  type RevocationTarget,
  type SessionStanding,
} from '../token-blacklist.js';

interface Timed {
  readonly until: number;
}
interface UserEntry extends Timed {
  readonly epoch: number;
  /** Announced and not yet confirmed. */
  readonly pending: boolean;
}
interface SessionEntry extends Timed {
  readonly state: 'active' | 'pending' | 'revoked';
}
interface LeaseEntry extends Timed {
  readonly nonce: string;
}

/** About 150 bytes each. */
const MAX_ENTRIES = 100_000;

/** The protocol in maps of this process. Dropping an entry is always safe: the ledger is asked. */
@Injectable()
export class MemoryTokenBlacklist extends TokenBlacklist {
  readonly shared = false;
  private readonly users = new LRUCache<string, UserEntry>({ max: MAX_ENTRIES });
  private readonly sessions = new LRUCache<string, SessionEntry>({ max: MAX_ENTRIES });
  private readonly leases = new LRUCache<string, LeaseEntry>({ max: MAX_ENTRIES });
  private nextNonce = 0;

  constructor(
    private readonly clock: Clock,
    @Inject(SESSIONS_OPTIONS) private readonly options: Pick<SessionsOptions, 'accessTtlMs'>,
  ) {
    super();
  }

  check({ userId, sessionId, epoch }: AccessRef): AccessVerdict {
    const now = this.clock.now();
    const session = this.live(this.sessions, keyOf(userId, sessionId), now)?.state;
    if (session === 'revoked') return 'revoked';
    const user = this.live(this.users, userId, now);
    if (user === undefined || user.pending || session !== 'active') return 'unknown';
    return epoch < user.epoch ? 'revoked' : 'ok';
  }

  async lease({ userId, sessionId }: SessionRef): Promise<ProjectionLease | undefined> {
    if (this.live(this.leases, userId) !== undefined) return undefined;
    if (this.live(this.users, userId)?.pending === true) return undefined;
    if (this.live(this.sessions, keyOf(userId, sessionId))?.state === 'pending') return undefined;
    this.nextNonce += 1;
    const nonce = String(this.nextNonce);
    this.leases.set(userId, { nonce, until: this.clock.now() + LEASE_TTL_MS });
    return { nonce };
  }

  async fill(
    { userId, sessionId }: SessionRef,
    { nonce }: ProjectionLease,
    standing: SessionStanding,
  ): Promise<boolean> {
    if (this.live(this.leases, userId)?.nonce !== nonce) return false;
    this.leases.delete(userId);
    const now = this.clock.now();
    this.users.set(userId, { epoch: standing.epoch, pending: false, until: now + ACTIVE_TTL_MS });
    const ttlMs = standing.revoked ? tombstoneTtlMs(this.options) : ACTIVE_TTL_MS;
    const state = standing.revoked ? 'revoked' : 'active';
    this.sessions.set(keyOf(userId, sessionId), { state, until: now + ttlMs });
    return true;
  }

  async announce(target: RevocationTarget): Promise<void> {
    const until = this.clock.now() + PENDING_TTL_MS;
    this.leases.delete(target.userId);
    if ('epoch' in target) this.markUser(target.userId, { epoch: target.epoch, pending: true, until });
    else for (const key of keysOf(target)) this.sessions.set(key, { state: 'pending', until });
  }

  async confirm(target: RevocationTarget): Promise<void> {
    const now = this.clock.now();
    this.leases.delete(target.userId);
    if ('epoch' in target) {
      this.markUser(target.userId, { epoch: target.epoch, pending: false, until: now + ACTIVE_TTL_MS });
    } else {
      const until = now + tombstoneTtlMs(this.options);
      for (const key of keysOf(target)) this.sessions.set(key, { state: 'revoked', until });
    }
  }

  /** What a later revocation said stays, whichever is confirmed first. */
  private markUser(userId: string, entry: UserEntry): void {
    const known = this.live(this.users, userId);
    if (known === undefined || known.epoch <= entry.epoch) this.users.set(userId, entry);
  }

  private live<Entry extends Timed>(
    entries: LRUCache<string, Entry>,
    key: string,
    now = this.clock.now(),
  ): Entry | undefined {
    const entry = entries.get(key);
    return entry !== undefined && entry.until > now ? entry : undefined;
  }
}

const keyOf = (userId: string, sessionId: string) => `${userId} ${sessionId}`;
const keysOf = ({ userId, sessionIds }: { readonly userId: string; readonly sessionIds: readonly string[] }) =>
  sessionIds.map((sessionId) => keyOf(userId, sessionId));
