import type { Queryable } from '@app/database';
import { SCHEMA } from './boss-options.js';

const LOOK_EVERY_MS = 2000;
const DUE = `SELECT DISTINCT name FROM ${SCHEMA}.job WHERE name = ANY($1) AND state < 'active' AND start_after <= now()`;

/** Looks for jobs that are due, of all kinds in one statement, so that idle workers need not ask one by one. */
export class DueJobs {
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(
    private readonly database: Queryable,
    private readonly wake: (kind: string) => void,
  ) {}

  /** Safe to repeat. */
  start(kinds: readonly string[]): void {
    this.stop();
    this.timer = setInterval(() => void this.look(kinds), LOOK_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** While the database is away nothing is found; the workers, which look for themselves now and then, say why. */
  private async look(kinds: readonly string[]): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const due = await this.database.query<{ name: string }>(DUE, [kinds]).catch(() => []);
    this.looking = false;
    for (const { name } of due) this.wake(name);
  }
}
