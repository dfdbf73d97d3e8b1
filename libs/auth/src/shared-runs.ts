import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One piece of work that many ask for at once: runs follow each other, their starts are spaced, and all who ask
 * before a run starts share it. So however many ask, the work is done at most once per space.
 */
export class SharedRuns {
  private last: Promise<unknown> = Promise.resolve();
  private next: Promise<void> | undefined;
  private startedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly work: () => Promise<void>,
    private readonly spaceMs: number,
  ) {}

  /** The outcome of a run that starts after this call, and so sees everything that happened before it. */
  join(): Promise<void> {
    return (this.next ??= this.begin());
  }

  private async begin(): Promise<void> {
    await this.last;
    const waitMs = this.startedAt + this.spaceMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    this.next = undefined;
    this.startedAt = performance.now();
    const run = this.work();
    this.last = run.catch(() => undefined);
    await run;
  }
}
