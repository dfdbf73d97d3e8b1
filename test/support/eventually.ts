import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** Repeats `check` until it does not throw; after `withinMs` its last failure is thrown. */
export async function eventually<Result>(check: () => Result | Promise<Result>, withinMs = 10_000): Promise<Result> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(POLL_MS);
    }
  }
}
