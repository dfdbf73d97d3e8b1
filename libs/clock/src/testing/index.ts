import { Clock } from '../clock.js';

/** A clock that moves only when told to. */
export class ManualClock extends Clock {
  constructor(private nowMs = 1_700_000_000_000) {
    super();
  }

  now(): number {
    return this.nowMs;
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }
}
