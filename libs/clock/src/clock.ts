/** The time of day, injected so that no test sleeps. Never decides an exam: the database's clock does. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;
}
