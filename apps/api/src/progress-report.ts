/** Says what the start is doing, for a person at a terminal: a line for each step that takes longer than a second. */
export class ProgressReport {
  private readonly startedAt = performance.now();

  async step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const begun = performance.now();
    const slow = setTimeout(() => this.line(`${what} ...`), 1000);
    try {
      const result = await work();
      const seconds = (performance.now() - begun) / 1000;
      if (seconds >= 1) this.line(`${what}: done in ${seconds.toFixed(1)} s`);
      return result;
    } finally {
      clearTimeout(slow);
    }
  }

  line(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  get seconds(): string {
    return ((performance.now() - this.startedAt) / 1000).toFixed(1);
  }
}
