import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { AuthEvent } from './auth-event.js';
import { AuthEventLog } from './postgres/index.js';

const FLUSH_EVERY_MS = 1000;
const BATCH = 1000;
const MAX_WAITING = 10_000;

/**
 * Events that are worth counting, but not worth delaying an answer: written behind, in batches. What a crash, or a
 * database that is away for long, loses is named in the log; nothing that must be known later goes this way.
 */
@Injectable()
export class AuthEventBuffer implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(AuthEventBuffer.name);
  private waiting: AuthEvent[] = [];
  private dropped = 0;
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;

  constructor(private readonly log: AuthEventLog) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  note(event: AuthEvent): void {
    if (this.waiting.length < MAX_WAITING) this.waiting.push({ at: new Date(), ...event });
    else this.dropped += 1;
  }

  /** Writes what has been noted; what cannot be written waits for the next time. */
  flush(): Promise<void> {
    return (this.flushing ??= this.writeAll().finally(() => (this.flushing = undefined)));
  }

  private async writeAll(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const batch = this.waiting.slice(0, BATCH);
        await this.log.record(batch);
        this.waiting = this.waiting.slice(batch.length);
      }
      if (this.dropped > 0) this.logger.warn(`${this.dropped} events were lost while the database was away`);
      this.dropped = 0;
    } catch (error) {
      this.logger.warn(`Events wait: ${(error as Error).message}`);
    }
  }
}
