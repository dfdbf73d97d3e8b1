import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CacheStore } from './cache-store.js';

const RETRY_MS = 250;

/**
 * Invalidations that a shared store could not take. The write they belong to has committed and must not be reported
 * as failed, so they are owed: what depends on these tags is not read from the cache until they are through.
 */
@Injectable()
export class OwedInvalidations implements OnApplicationShutdown {
  private readonly logger = new Logger(OwedInvalidations.name);
  private readonly tags = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly store: CacheStore) {}

  /** Tells the store now, or as soon as it answers again. */
  async settle(tags: readonly string[]): Promise<void> {
    try {
      await this.store.invalidate(tags);
    } catch (error) {
      for (const tag of tags) this.tags.add(tag);
      this.logger.warn(`The cache store does not take invalidations: ${(error as Error).message}`);
      this.timer ??= setTimeout(() => void this.retry(), RETRY_MS).unref();
    }
  }

  isOwed(tags: readonly string[]): boolean {
    return this.tags.size > 0 && tags.some((tag) => this.tags.has(tag));
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private async retry(): Promise<void> {
    const owed = [...this.tags];
    try {
      await this.store.invalidate(owed);
      for (const tag of owed) this.tags.delete(tag);
    } catch {
      // Still away.
    }
    this.timer = this.tags.size === 0 ? undefined : setTimeout(() => void this.retry(), RETRY_MS).unref();
  }
}
