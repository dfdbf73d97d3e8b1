import { setImmediate } from 'node:timers/promises';

/**
 * Waits for answers only so long. After one that did not come in time, everything fails at once until the dependency
 * has answered a question again.
 */
export class Patience {
  private silent = false;

  constructor(
    private readonly withinMs: number,
    private readonly ask: () => Promise<unknown>,
  ) {}

  async wait<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    if (this.silent) throw new Error('It does not answer');
    let timer: NodeJS.Timeout | undefined;
    let answered = false;
    const answer = call().finally(() => (answered = true));
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => void this.giveUp(() => answered, reject), this.withinMs);
    });
    try {
      return await Promise.race([answer, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async giveUp(answered: () => boolean, reject: (reason: Error) => void): Promise<void> {
    // A process that was busy itself reads first what has come in.
    await setImmediate();
    await setImmediate();
    if (answered()) return;
    this.silent = true;
    reject(new Error(`No answer within ${this.withinMs} ms`));
    await this.ask().catch(() => undefined);
    this.silent = false;
  }
}
