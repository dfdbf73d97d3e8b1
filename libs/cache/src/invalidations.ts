import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { allTags, type CacheKey } from './cache-key.js';
import { CacheStore } from './cache-store.js';
import { LocalCache } from './local-cache.js';

const AGAIN_MS = 250;

/**
 * Makes entries worthless, in the store and here. What a shared store cannot be told is owed: the write it belongs to
 * has committed and must not be reported as failed, so what depends on these tags is not read from the cache until
 * the store has heard of it.
 */
@Injectable()
export class Invalidations implements OnApplicationShutdown {
  private readonly logger = new Logger(Invalidations.name);
  private readonly owed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: CacheStore,
    private readonly local: LocalCache,
  ) {}

  /** Tells the store now, which this says, or as soon as it answers again. Does not fail. */
  async settle(tags: readonly string[]): Promise<boolean> {
    try {
      await this.tell(tags);
      return true;
    } catch (error) {
      for (const tag of tags) this.owed.add(tag);
      this.local.invalidate(tags);
      this.logger.warn(`The cache cannot be told of a write: ${(error as Error).message}`);
      this.timer ??= setTimeout(() => void this.retry(), AGAIN_MS).unref();
      return false;
    }
  }

  /** True while the store may have entries of the key from before a write. */
  areOwed(key: CacheKey): boolean {
    return this.owed.size > 0 && allTags(key).some((tag) => this.owed.has(tag));
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  /** In this order: what is read from the store until it has heard of it does not stay here. */
  private async tell(tags: readonly string[]): Promise<void> {
    await this.store.invalidate(tags);
    this.local.invalidate(tags);
  }

  private async retry(): Promise<void> {
    const tags = [...this.owed];
    try {
      await this.tell(tags);
      for (const tag of tags) this.owed.delete(tag);
    } catch {
      // Still away.
    }
    this.timer = this.owed.size === 0 ? undefined : setTimeout(() => void this.retry(), AGAIN_MS).unref();
  }
}
