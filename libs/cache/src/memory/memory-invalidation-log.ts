import { Injectable } from '@nestjs/common';
import { InvalidationLog, type Invalidation, type InvalidationPage } from '../invalidation-log.js';

/** More than anybody who reads it every second falls behind. */
const MAX_ENTRIES = 10_000;

/** The log of one process: what is too old to be kept is a gap for whoever had not read it. */
@Injectable()
export class MemoryInvalidationLog extends InvalidationLog {
  private readonly entries: Invalidation[] = [];
  /** How many have been dropped from the front. */
  private dropped = 0;
  private waiting: (() => void)[] = [];

  async append(invalidation: Invalidation): Promise<void> {
    this.entries.push(invalidation);
    if (this.entries.length > MAX_ENTRIES) this.dropped += this.entries.splice(0, MAX_ENTRIES / 2).length;
    const { waiting } = this;
    this.waiting = [];
    for (const wake of waiting) wake();
  }

  async end(): Promise<string> {
    return String(this.last);
  }

  async read(position: string, waitMs: number): Promise<InvalidationPage> {
    const from = /^\d+$/.test(position) ? Number(position) : Number.POSITIVE_INFINITY;
    if (from === this.last && waitMs > 0) await this.next(waitMs);
    const gap = from < this.dropped || from > this.last;
    const invalidations = gap ? [] : this.entries.slice(from - this.dropped);
    return { position: String(this.last), invalidations, gap };
  }

  private get last(): number {
    return this.dropped + this.entries.length;
  }

  private next(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
