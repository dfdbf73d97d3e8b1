import { recordCacheHit } from './check-target.ts';
import type { LoadGenerator, LoadResult } from './generators/load-generator.ts';
import { cpuSecondsOf } from './process-cpu.ts';
import { PAGE_PATH, type Target } from './target.ts';

export interface MeasureOptions {
  readonly generator: LoadGenerator;
  readonly seconds: number;
  readonly connections: number;
  readonly signal: AbortSignal;
}

export interface Measurement extends LoadResult {
  /** Processor time of the server by elapsed time. Well below 1 it had to share its core, or to wait. */
  readonly serverBusy: number;
}

/** One measurement, begun on a warm cache. Throws unless every answer was a success with its whole body. */
export async function measure(target: Target, options: MeasureOptions): Promise<Measurement> {
  const { generator, signal, seconds, connections } = options;
  const headers = await target.authorize();
  const { body } = await recordCacheHit(target, headers, signal);
  const url = target.origin + PAGE_PATH;
  const before = cpuSecondsOf(target.pid);
  const result = await generator.run({ url, headers, seconds, connections, signal });
  const used = cpuSecondsOf(target.pid) - before;
  requireWholePages(target.name, result, body.length);
  return { ...result, serverBusy: used / result.durationSeconds };
}

function requireWholePages(name: string, { requests, failures, bytes }: LoadResult, pageBytes: number): void {
  if (requests === 0) throw new Error(`${name} answered nothing under load`);
  if (failures > 0) throw new Error(`${name}: ${failures} of ${requests} failed under load`);
  // A redirect or a 304 is no failure to a generator, but it has no page in it.
  if (bytes < requests * pageBytes * 0.99) throw new Error(`${name} sent less than a page per request under load`);
}
