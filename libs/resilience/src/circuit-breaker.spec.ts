import { jest } from '@jest/globals';
import { BREAKER_DEFAULTS, CircuitBreaker, type BreakerState } from './circuit-breaker.js';

const MINUTE_MS = 60_000;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function breakerOf(probe: () => Promise<unknown>) {
  const states: BreakerState[] = [];
  const breaker = new CircuitBreaker(probe, (state) => states.push(state));
  return { breaker, states };
}

const fails = () => Promise.reject(new Error('no'));
const answers = () => Promise.resolve();
const call = (breaker: CircuitBreaker, times: number, succeeded: boolean) => {
  for (let time = 0; time < times; time += 1) breaker.record(succeeded);
};

describe('a circuit breaker', () => {
  it('stays closed for less than half of the calls, and opens at half', () => {
    const { breaker } = breakerOf(fails);
    call(breaker, 30, true);
    call(breaker, 29, false);
    expect(breaker.permits).toBe(true);
    call(breaker, 1, false);
    expect(breaker.permits).toBe(false);
  });

  it('is not alarmed by a few calls', () => {
    const { breaker } = breakerOf(fails);
    call(breaker, BREAKER_DEFAULTS.minimumCalls - 1, false);
    expect(breaker.permits).toBe(true);
  });

  it('forgets what failed longer ago than its window', async () => {
    const { breaker } = breakerOf(fails);
    call(breaker, 19, false);
    await jest.advanceTimersByTimeAsync(BREAKER_DEFAULTS.windowMs);
    call(breaker, 19, false);
    expect(breaker.permits).toBe(true);
    call(breaker, 1, false);
    expect(breaker.permits).toBe(false);
  });

  it('lets callers back after as many answers in a row as it asks for, within two seconds', async () => {
    let probed = 0;
    const { breaker, states } = breakerOf(async () => {
      probed += 1;
    });
    call(breaker, 20, false);
    await jest.advanceTimersByTimeAsync(BREAKER_DEFAULTS.probeEveryMs * (BREAKER_DEFAULTS.probes - 1));
    expect(breaker.permits).toBe(false);
    await jest.advanceTimersByTimeAsync(BREAKER_DEFAULTS.probeEveryMs);
    expect(breaker.permits).toBe(true);
    expect(probed).toBe(BREAKER_DEFAULTS.probes);
    expect(states).toEqual(['open', 'probing', 'closed']);
  });

  it('begins to count again when a probe fails', async () => {
    const { probes, probeEveryMs } = BREAKER_DEFAULTS;
    let probed = 0;
    const { breaker } = breakerOf(() => {
      probed += 1;
      return probed === probes ? fails() : answers();
    });
    call(breaker, 20, false);
    await jest.advanceTimersByTimeAsync(probes * probeEveryMs);
    expect(breaker.state).toBe('open');
    await jest.advanceTimersByTimeAsync((probes + 1) * probeEveryMs - 1);
    expect(breaker.permits).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(breaker.permits).toBe(true);
  });

  it('asks a dependency that stays away about once a second', async () => {
    let probed = 0;
    const { breaker } = breakerOf(() => {
      probed += 1;
      return fails();
    });
    call(breaker, 20, false);
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(probed).toBeGreaterThan(55);
    expect(probed).toBeLessThan(65);
  });

  it('opens and closes at most twice a minute when every second call and probe fails, whichever they are', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = randomNumbers(seed);
      const { breaker, states } = breakerOf(() => (random() < 0.5 ? fails() : answers()));
      for (let ms = 0; ms < MINUTE_MS; ms += 10) {
        if (breaker.permits) breaker.record(random() < 0.5);
        await jest.advanceTimersByTimeAsync(10);
      }
      const turns = states.filter((state, index) => state === 'closed' || (state === 'open' && index === 0));
      const reopened = states.filter((state, index) => state === 'open' && states[index - 1] === 'closed');
      expect(turns.length + reopened.length).toBeLessThanOrEqual(2);
      breaker.stop();
    }
  });
});

/** Park and Miller's minimal standard generator: the same numbers each time. */
function randomNumbers(seed: number): () => number {
  let state = seed * 7919;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
