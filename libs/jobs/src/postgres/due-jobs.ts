import type { Queryable } from '@app/database';

const LOOK_EVERY_MS = 2000;
const DUE = `SELECT DISTINCT name FROM jobs.job WHERE name = ANY($1) AND state < 'active' AND start_after <= now()`;

/** Looks for jobs that are due, of all kinds in one statement, so that idle workers need not ask one by one. */
export class DueJobs {
  private timer: NodeJS.Timeout | undefined;
  private stopped = true;

  constructor(
    private readonly database: Queryable,
    private readonly wake: (kind: string) => void,
  ) {}

  start(kinds: readonly string[]): void {
    this.stopped = false;
    this.timer = setTimeout(() => void this.look(kinds), LOOK_EVERY_MS).unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** While the database is away nothing is found; the workers, which look for themselves now and then, say why. */
  private async look(kinds: readonly string[]): Promise<void> {
    const due = await this.database.query<{ name: string }>(DUE, [kinds]).catch(() => []);
    if (this.stopped) return;
    for (const { name } of due) this.wake(name);
    this.start(kinds);
  }
}
