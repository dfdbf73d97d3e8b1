/** The time of day, injected so that no test sleeps. Never decides an exam: the database's clock does. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;

  /** Milliseconds since some moment, which pass steadily whatever is done to the time of day. */
  abstract steadyMs(): number;
}
