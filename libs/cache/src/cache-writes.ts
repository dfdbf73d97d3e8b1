import { Database, type Transaction } from '@app/database';
import { Injectable, Logger } from '@nestjs/common';
import { CacheStore } from './cache-store.js';
import { Invalidations } from './invalidations.js';
import { InvalidationOutbox } from './postgres/index.js';

/** Names what a write has touched; may be called more than once. */
export type Touch = (...tags: readonly string[]) => void;

/**
 * Writes to the database that make cached values worthless. When `run` resolves, no instance answers what was cached
 * before for longer than it takes to hear of it; when this process dies after the commit, another sees to that within
 * two seconds.
 */
@Injectable()
export class CacheWrites {
  private readonly logger = new Logger(CacheWrites.name);

  constructor(
    private readonly database: Database,
    private readonly store: CacheStore,
    private readonly outbox: InvalidationOutbox,
    private readonly invalidations: Invalidations,
  ) {}

  /** Runs `work` in one transaction; what it touches is invalidated once that is committed, and not if it fails. */
  async run<Result>(work: (tx: Transaction, touch: Touch) => Promise<Result>): Promise<Result> {
    const touched = new Set<string>();
    const { result, owed } = await this.database.transaction(async (tx) => {
      const done = await work(tx, (...tags) => tags.forEach((tag) => touched.add(tag)));
      // The memory of this process ends with it.
      const written = this.store.shared && touched.size > 0;
      return { result: done, owed: written ? await this.outbox.add(tx, [...touched]) : undefined };
    });
    if (touched.size > 0 && (await this.invalidations.settle([...touched])) && owed !== undefined) this.settled(owed);
    return result;
  }

  /** Nobody waits for this: what stays is told to the store once more. */
  private settled(owed: string): void {
    this.outbox
      .done([owed])
      .catch((error: Error) => this.logger.warn(`An invalidation is made twice: ${error.message}`));
  }
}
