import { setTimeout as sleep } from 'node:timers/promises';
import type { Contestant } from '../contestant.ts';
import type { NodeServer } from '../servers/node-server.ts';
import { headerOf, recordResponse, type RecordedResponse } from './recorded-response.ts';

/** Twenty questions; to each server in the same words. */
const PATH = '/api/v1/questions?limit=20';
const ATTEMPTS_TO_HIT = 10;

/** A server that has the page, and how to ask for it. */
export interface PageServer extends NodeServer {
  /** Headers of a request, with a token that outlives one measurement. */
  authorize(): Promise<Record<string, string>>;
  /** Whether the server says that this answer came from its cache. */
  isCacheHit(response: RecordedResponse): boolean;
}

export interface Page {
  readonly response: RecordedResponse;
  readonly requestHeaders: Record<string, string>;
}

/** Asks for the page until it is served from the cache; throws when that does not happen. */
export async function recordPage(server: PageServer, signal: AbortSignal): Promise<Page> {
  const requestHeaders = await server.authorize();
  for (let attempt = 0; attempt < ATTEMPTS_TO_HIT; attempt += 1) {
    const response = await recordResponse(server.origin + PATH, requestHeaders, signal);
    if (response.status !== 200) {
      throw new Error(`${server.name} answered ${response.status}: ${response.body.toString().slice(0, 300)}`);
    }
    if (attempt > 0 && server.isCacheHit(response)) return { response, requestHeaders };
    await sleep(50, undefined, { signal });
  }
  throw new Error(`${server.name} did not serve the page from its cache`);
}

/** Reads the cached page; each measurement begins on a warm cache. */
export function pageReader(server: PageServer): Contestant {
  return {
    name: server.name,
    pid: server.pid,
    prepare: async ({ generator, ...load }) => {
      const { response, requestHeaders: headers } = await recordPage(server, load.signal);
      return async () => {
        const result = await generator.run({ url: server.origin + PATH, headers, ...load });
        // A redirect or a 304 is no failure to a generator, but it has no page in it.
        if (result.bytes < result.requests * response.body.length * 0.99) {
          throw new Error(`${server.name} sent less than a page per request under load`);
        }
        return result;
      };
    },
  };
}

/** RFC 9211: the parameter `hit`, in any of the caches listed. */
export function saysHit(response: RecordedResponse): boolean {
  return /;\s*hit\b/.test(headerOf(response, 'cache-status') ?? '');
}
