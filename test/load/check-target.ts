import { setTimeout as sleep } from 'node:timers/promises';
import { recordResponse, type RecordedResponse } from './recorded-response.ts';
import { PAGE_PATH, type Target } from './target.ts';

const ATTEMPTS_TO_HIT = 10;

/** Asks for the page until it is served from the cache; throws when that does not happen. */
export async function recordCacheHit(
  target: Target,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<RecordedResponse> {
  for (let attempt = 0; attempt < ATTEMPTS_TO_HIT; attempt += 1) {
    const response = await recordResponse(target.origin + PAGE_PATH, headers, signal);
    if (response.status !== 200) {
      throw new Error(`${target.name} answered ${response.status}: ${response.body.toString().slice(0, 300)}`);
    }
    if (attempt > 0 && target.isCacheHit(response)) return response;
    await sleep(50, undefined, { signal });
  }
  throw new Error(`${target.name} did not serve the page from its cache`);
}
