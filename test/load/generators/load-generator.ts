import { ensureProgram, ProgramMissingError } from '../../support/ensure-programs.js';
import type { Pinning } from '../pinning.ts';
import { createAutocannon } from './autocannon.ts';
import { createWrk } from './wrk.ts';

export interface LoadRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly seconds: number;
  readonly connections: number;
  readonly signal: AbortSignal;
}

export interface LoadResult {
  readonly requests: number;
  readonly durationSeconds: number;
  /** Received, headers included. */
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were not a success, and requests that got none. */
  readonly failures: number;
  /** The share of one core that the generator used. Near 1 it was the limit, not the server. */
  readonly generatorBusy: number;
}

/** Keeps every connection busy for a while: the next request leaves when the answer is in. */
export interface LoadGenerator {
  readonly description: string;
  run(request: LoadRequest): Promise<LoadResult>;
}

/** wrk, installed where that is possible; a slower one elsewhere. */
export async function chooseLoadGenerator(pinning: Pinning): Promise<LoadGenerator> {
  try {
    return createWrk(await ensureProgram('wrk'), pinning);
  } catch (error) {
    if (!(error instanceof ProgramMissingError)) throw error;
    return createAutocannon(pinning);
  }
}
