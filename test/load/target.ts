import type { RecordedResponse } from './recorded-response.ts';

export const PAGE_PATH = '/api/v1/questions?limit=20';

/** One server under load. */
export interface Target {
  readonly name: string;
  readonly origin: string;
  readonly pid: number;
  /** The request headers for one measurement, with a token that outlives it. */
  authorize(): Promise<Record<string, string>>;
  /** Whether the server says that this answer came from its cache. */
  isCacheHit(response: RecordedResponse): boolean;
}
