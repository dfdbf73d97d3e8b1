import { SharedRuns } from './shared-runs.js';

const SPACE_MS = 20;

describe('SharedRuns', () => {
  it('does the work once for all who ask before it starts', async () => {
    let done = 0;
    const runs = new SharedRuns(async () => void (done += 1), SPACE_MS);
    await Promise.all(Array.from({ length: 1000 }, () => runs.join()));
    expect(done).toBe(1);
  });

  it('starts again for whoever asks while it runs, since that run may have looked too early', async () => {
    let state = 'before';
    const seen: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const runs = new SharedRuns(async () => {
      seen.push(state);
      if (seen.length === 1) await held;
    }, SPACE_MS);
    const first = runs.join();
    await new Promise(setImmediate);
    expect(seen).toEqual(['before']);
    state = 'after';
    const second = runs.join();
    const third = runs.join();
    release();
    await Promise.all([first, second, third]);
    expect(seen).toEqual(['before', 'after']);
  });

  it('keeps a space between starts', async () => {
    const starts: number[] = [];
    const runs = new SharedRuns(async () => void starts.push(performance.now()), SPACE_MS);
    for (let round = 0; round < 4; round += 1) await runs.join();
    // Timers may fire up to a millisecond early.
    for (const [index, start] of starts.slice(1).entries()) {
      expect(start - (starts[index] as number)).toBeGreaterThanOrEqual(SPACE_MS - 1);
    }
  });

  it('tells everybody who waited of a failure, and tries again for the next', async () => {
    let attempts = 0;
    const runs = new SharedRuns(async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('not now');
    }, SPACE_MS);
    const outcomes = await Promise.allSettled([runs.join(), runs.join()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await runs.join();
    expect(attempts).toBe(2);
  });
});
