import type { CacheKey } from './cache-key.js';
import type { LocalCache, ReadingPoint } from './local-cache.js';

interface Flight {
  readonly answer: Promise<unknown>;
  readonly since: ReadingPoint;
}

/** Readings under way, which later callers of this process share until something is invalidated that they read. */
export class Flights {
  private readonly flights = new Map<string, Flight>();

  constructor(private readonly local: Pick<LocalCache, 'begin' | 'stillHolds'>) {}

  of(key: CacheKey): Promise<unknown> | undefined {
    const flight = this.flights.get(key.name);
    return flight !== undefined && this.local.stillHolds(flight.since, key) ? flight.answer : undefined;
  }

  begin<Answer>(key: CacheKey, read: () => Promise<Answer>): Promise<Answer> {
    const flight = { since: this.local.begin(), answer: read() };
    this.flights.set(key.name, flight);
    const forget = () => {
      if (this.flights.get(key.name) === flight) this.flights.delete(key.name);
    };
    flight.answer.then(forget, forget);
    return flight.answer;
  }
}
