import type { Contestant, Load } from './contestant.ts';
import type { LoadResult } from './generators/load-generator.ts';
import { cpuSecondsOf } from './process-cpu.ts';

export interface Measurement extends LoadResult {
  /** Processor time of the server by elapsed time. Well below 1 it had to share its core, or to wait. */
  readonly serverBusy: number;
}

/** One measurement. Throws when the server answered nothing, or a failure. */
export async function measure(contestant: Contestant, load: Load): Promise<Measurement> {
  const run = await contestant.prepare(load);
  const before = cpuSecondsOf(contestant.pid);
  const result = await run();
  const used = cpuSecondsOf(contestant.pid) - before;
  const { requests, failures } = result;
  if (requests === 0) throw new Error(`${contestant.name} answered nothing under load`);
  if (failures > 0) throw new Error(`${contestant.name}: ${failures} of ${requests} failed under load`);
  return { ...result, serverBusy: used / result.durationSeconds };
}
