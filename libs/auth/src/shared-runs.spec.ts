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
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
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

  it('does the work no more often than its space allows, however often it is asked', async () => {
    let done = 0;
    const runs = new SharedRuns(async () => void (done += 1), SPACE_MS);
    const begun = performance.now();
    while (performance.now() - begun < 10 * SPACE_MS) await Promise.all([runs.join(), runs.join()]);
    // Timers may fire a millisecond early.
    expect(done).toBeLessThanOrEqual((performance.now() - begun) / (SPACE_MS - 1) + 1);
    expect(done).toBeGreaterThan(1);
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
