import { Clock } from '@app/clock';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { SessionLedger } from './postgres/index.js';
import { SessionStore } from './session-store.js';

const RECORD_EVERY_MS = 60_000;
const FLUSH_EVERY_MS = 5_000;
const BATCH = 500;
const MAX_SESSIONS = 50_000;

/** Keeps last seen times: noted at most once a minute for each session and generation, written behind in batches. */
@Injectable()
export class ActivityRecorder implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(ActivityRecorder.name);
  private readonly noted = new LRUCache<string, { readonly at: number; readonly generation: number }>({
    max: MAX_SESSIONS,
  });
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: SessionStore,
    private readonly ledger: SessionLedger,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  /**
   * Costs a map look-up on most requests, and never delays or fails one.
   *
   * @param from asked for the address only when it is noted
   */
  note(sessionId: string, generation: number, from: { readonly ip: string }): void {
    const now = this.clock.now();
    const last = this.noted.get(sessionId);
    if (last !== undefined && now - last.at < RECORD_EVERY_MS && last.generation >= generation) return;
    this.noted.set(sessionId, { at: now, generation });
    this.store.record({ sessionId, seenAt: now, ip: from.ip, generation }).catch(() => this.noted.delete(sessionId));
  }

  /** Writes what has been noted to the ledger. What cannot be written is lost, and noted again a minute later. */
  async flush(): Promise<void> {
    try {
      for (;;) {
        const batch = await this.store.drain(BATCH);
        if (batch.length > 0) await this.ledger.recordActivity(batch);
        if (batch.length < BATCH) return;
      }
    } catch (error) {
      this.logger.warn(`Last-seen times wait: ${(error as Error).message}`);
    }
  }
}
