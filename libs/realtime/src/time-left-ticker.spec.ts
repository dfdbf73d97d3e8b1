import { ManualClock } from '@app/clock/testing';
import { TimeLeftTicker, type TimeLeft } from './time-left-ticker.js';

let clock: ManualClock;
let ticker: TimeLeftTicker;
let told: TimeLeft[];
beforeEach(() => {
  clock = new ManualClock();
  ticker = new TimeLeftTicker(clock);
  told = [];
  ticker.onTick((timeLeft) => told.push(timeLeft));
});
afterEach(() => ticker.onApplicationShutdown());

/** Watches an attempt with so much left, by a database clock that is `ahead` of this process's. */
function watch(attemptId: string, leftMs: number, aheadMs = 0): void {
  const serverTime = new Date(clock.now() + aheadMs);
  ticker.watch({ attemptId, serverTime, deadlineAt: new Date(serverTime.getTime() + leftMs) });
}

function run(ms: number, everyMs = 1000): number[] {
  for (let passed = 0; passed < ms; passed += everyMs) {
    clock.advance(everyMs);
    ticker.tick();
  }
  return told.splice(0).map(({ secondsLeft }) => secondsLeft);
}

describe('TimeLeftTicker', () => {
  it('tells every minute, at half a minute, and the last ten seconds one by one', () => {
    watch('a', 185_000);
    expect(run(185_000)).toEqual([180, 120, 60, 30, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('tells the end once, however long the socket stays', () => {
    watch('a', 2000);
    expect(run(60_000)).toEqual([1, 0]);
  });

  it('misses no mark and repeats none when ticks come late or early', () => {
    watch('a', 130_500);
    expect(run(116_000, 1007)).toEqual([120, 60, 30]);
    watch('b', 70_000);
    expect(run(12_000, 400)).toContain(60);
  });

  it('tells one mark after a long stop of the process, not all it slept through', () => {
    watch('a', 600_000);
    run(1000);
    expect(run(301_000, 301_000)).toEqual([298]);
  });

  it('goes by the clock of the database', () => {
    watch('a', 61_000, 3_600_000);
    expect(run(1000)).toEqual([60]);
  });

  it('stops when the last watcher has gone, or the attempt is over', () => {
    watch('a', 61_000);
    watch('a', 61_000);
    ticker.unwatch('a');
    expect(run(1000)).toEqual([60]);
    ticker.unwatch('a');
    watch('b', 32_000);
    ticker.forget('b');
    ticker.unwatch('nobody');
    expect(run(60_000)).toEqual([]);
  });
});
