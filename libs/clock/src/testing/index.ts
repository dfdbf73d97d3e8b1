import { Clock } from '../clock.js';

/** A clock that moves only when told to. */
export class ManualClock extends Clock {
  private passedMs = 0;

  constructor(private nowMs = 1_700_000_000_000) {
    super();
  }

  now(): number {
    return this.nowMs;
  }

  steadyMs(): number {
    return this.passedMs;
  }

  advance(ms: number): void {
    this.passedMs += ms;
    this.nowMs += ms;
  }
}
