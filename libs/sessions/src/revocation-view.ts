import { Injectable } from '@nestjs/common';
import type { LoggedRevocation } from './postgres/index.js';
import type { AccessRef } from './token-blacklist.js';

interface Ended {
  /** On the clock of `performance.now()`. */
  readonly untilMs: number;
}
interface EpochEnded extends Ended {
  readonly epoch: number;
}

/** Every revocation that an access token alive today could still meet, in the memory of this process. */
@Injectable()
export class RevocationView {
  private readonly sessions = new Map<string, Ended>();
  private readonly users = new Map<string, EpochEnded>();

  isRevoked({ userId, sessionId, epoch }: AccessRef): boolean {
    if (this.sessions.has(sessionId)) return true;
    const ended = this.users.get(userId);
    return ended !== undefined && epoch < ended.epoch;
  }

  add({ target, remainingMs }: LoggedRevocation): void {
    const untilMs = performance.now() + remainingMs;
    if ('sessionIds' in target) for (const id of target.sessionIds) this.sessions.set(id, { untilMs });
    else {
      const known = this.users.get(target.userId)?.epoch ?? 0;
      this.users.set(target.userId, { epoch: Math.max(known, target.epoch), untilMs });
    }
  }

  /** Forgets what every token it could concern has outlived. */
  prune(): void {
    const now = performance.now();
    for (const entries of [this.sessions, this.users]) {
      for (const [key, { untilMs }] of entries) if (untilMs < now) entries.delete(key);
    }
  }
}
