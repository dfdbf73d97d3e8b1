/**
 * Lets callers share one run of a piece of work, but only a run that has not begun yet: what a caller gets was read
 * after it asked. At most one run of a key is under way and one waits.
 */
export class NewestFlight<Result> {
  private readonly running = new Map<string, Promise<unknown>>();
  private readonly waiting = new Map<string, Promise<Result>>();

  run(key: string, work: () => Promise<Result>): Promise<Result> {
    const shared = this.waiting.get(key);
    if (shared !== undefined) return shared;
    const current = this.running.get(key);
    if (current === undefined) return this.begin(key, work);
    const next = current.then(
      () => this.follow(key, work),
      () => this.follow(key, work),
    );
    this.waiting.set(key, next);
    return next;
  }

  private follow(key: string, work: () => Promise<Result>): Promise<Result> {
    this.waiting.delete(key);
    return this.begin(key, work);
  }

  private begin(key: string, work: () => Promise<Result>): Promise<Result> {
    const run = work().finally(() => {
      if (this.running.get(key) === run) this.running.delete(key);
    });
    this.running.set(key, run);
    return run;
  }
}
