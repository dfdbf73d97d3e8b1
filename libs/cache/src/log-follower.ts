import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '@app/clock';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CacheStore } from './cache-store.js';
import { InvalidationLog, type Invalidation } from './invalidation-log.js';

/** Who keeps copies. */
export interface InvalidationListener {
  onInvalidation(invalidation: Invalidation): void;
  /** Something may have been missed: nothing that was read before holds. */
  onGap(): void;
}

/** A read waits this long, so that silence is heard of as well. */
const WAIT_MS = 250;
const AGAIN_MS = 50;
/** How long what was heard is up to date, counted from before it was asked for. */
const CURRENT_MS = 1000;

/** Reads the log of a shared store from where it left off, for as long as the process lives. */
@Injectable()
export class LogFollower implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(LogFollower.name);
  private readonly listeners: InvalidationListener[] = [];
  private position: string | undefined;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private stopped = false;
  private following: Promise<void> = Promise.resolve();
  private lost = false;

  constructor(
    private readonly log: InvalidationLog,
    private readonly store: CacheStore,
    private readonly clock: Clock,
  ) {}

  follow(listener: InvalidationListener): void {
    this.listeners.push(listener);
  }

  /** True while every invalidation from before the last second has been passed on. */
  get isCurrent(): boolean {
    return this.clock.steadyMs() - this.askedAtMs <= CURRENT_MS;
  }

  onApplicationBootstrap(): void {
    if (this.store.shared) this.following = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.following;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.step();
        if (this.lost) this.logger.log('The log of the cache is read again');
        this.lost = false;
      } catch (error) {
        if (!this.lost) this.logger.warn(`The log of the cache cannot be read: ${(error as Error).message}`);
        this.lost = true;
        await sleep(AGAIN_MS);
      }
    }
  }

  /** Passes on what the log has after what was read last; waits a moment when there is nothing. */
  async step(): Promise<void> {
    const askedAtMs = this.clock.steadyMs();
    if (this.position === undefined) {
      // Copies from before somebody listened are worth nothing.
      this.position = await this.log.end();
      for (const listener of this.listeners) listener.onGap();
    } else {
      const page = await this.log.read(this.position, WAIT_MS);
      if (page.gap) for (const listener of this.listeners) listener.onGap();
      for (const each of page.invalidations) for (const listener of this.listeners) listener.onInvalidation(each);
      this.position = page.position;
    }
    this.askedAtMs = askedAtMs;
  }
}
