import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CacheStore } from './cache-store.js';
import { InvalidationOutbox } from './postgres/index.js';

const LOOK_EVERY_MS = 1000;
/** Whoever wrote tells the store itself, and is done sooner than this. */
const OVERDUE_MS = 500;

/**
 * Tells the store of writes whose process did not: it died, or is cut off from the store. A store that was away for
 * everybody hears of them before it answers anybody.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private timer: NodeJS.Timeout | undefined;
  private failure = '';

  constructor(
    private readonly outbox: InvalidationOutbox,
    private readonly store: CacheStore,
  ) {
    store.onReturn((tell) => this.deliver(0, tell));
  }

  onApplicationBootstrap(): void {
    if (this.store.shared) this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Passes on all that have been waiting for `sinceMs`. */
  private async deliver(sinceMs: number, tell: (tags: readonly string[]) => Promise<void>): Promise<void> {
    for (;;) {
      const owed = await this.outbox.waiting(sinceMs);
      if (owed.length === 0) return;
      await tell([...new Set(owed.flatMap(({ tags }) => tags))]);
      await this.outbox.done(owed.map(({ id }) => id));
    }
  }

  private async look(): Promise<void> {
    try {
      await this.deliver(OVERDUE_MS, (tags) => this.store.invalidate(tags));
      this.failure = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.failure) this.logger.warn(`Invalidations wait: ${message}`);
      this.failure = message;
    }
  }
}
