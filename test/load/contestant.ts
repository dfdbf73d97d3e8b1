import type { LoadGenerator, LoadResult } from './generators/load-generator.ts';

/** How hard, and for how long. */
export interface Load {
  readonly generator: LoadGenerator;
  readonly seconds: number;
  readonly connections: number;
  readonly signal: AbortSignal;
}

/** One server under load. */
export interface Contestant {
  readonly name: string;
  readonly pid: number;
  /**
   * Brings it to the state that each measurement begins with, and gives what then loads it, which throws unless every
   * answer was what it should be.
   */
  prepare(load: Load): Promise<() => Promise<LoadResult>>;
}
