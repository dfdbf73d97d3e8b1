import { Database, type Queryable } from '@app/database';
import { newId } from '@app/http';
import { Injectable } from '@nestjs/common';

export interface OwedInvalidation {
  readonly id: string;
  readonly tags: readonly string[];
}

const MOST_AT_ONCE = 500;

/** Invalidations that writes owe to a shared store, written with them: they survive the process that wrote. */
@Injectable()
export class InvalidationOutbox {
  constructor(private readonly database: Database) {}

  async add(tx: Queryable, tags: readonly string[]): Promise<string> {
    const id = newId();
    await tx.query('INSERT INTO cache_invalidations (id, tags) VALUES ($1, $2)', [id, tags]);
    return id;
  }

  /** The oldest ones that have been waiting for so long. */
  waiting(sinceMs: number): Promise<OwedInvalidation[]> {
    return this.database.query<OwedInvalidation>(
      `SELECT id, tags FROM cache_invalidations WHERE at <= clock_timestamp() - $1 * interval '1 ms'
       ORDER BY at LIMIT ${MOST_AT_ONCE}`,
      [sinceMs],
    );
  }

  async done(ids: readonly string[]): Promise<void> {
    await this.database.query('DELETE FROM cache_invalidations WHERE id = ANY ($1)', [ids]);
  }
}
