import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a frame's time is counted under, by its place; the innermost frame that has one decides. */
const STEPS: readonly (readonly [step: string, place: RegExp])[] = [
  ['writing to the socket', /^native (writev|writeBuffer|writeUtf8String|writeLatin1String)$/],
  ['garbage collection', /^native \(garbage collector\)$/],
  ['access token and session', /libs\/(auth|sessions)\/|\/(@nestjs\/)?passport\//],
  ['rate limit', /libs\/rate-limit\/|\/@nestjs\/throttler\//],
  ['response cache', /libs\/(cache|http)\//],
  ['metrics and log', /libs\/observability\/|\/(prom-client|pino)\//],
  ['gate, headers of every answer', /apps\/api\//],
  ['Redis client', /libs\/(redis|resilience)\/|\/(ioredis|redis-parser|standard-as-callback)\//],
  ['background: database, jobs', /libs\/(database|jobs)\/|\/(pg|pg-pool|pg-protocol|pg-boss|typeorm)\//],
  ['Fastify, Nest’s adapter', /\/(fastify|find-my-way|@fastify|@nestjs|middie|engine\.io)[/\\]/],
  ['Node’s HTTP server, streams and timers', /^node:/],
];
const REST = 'everything else';
const NOT_WORK = /^native \((idle|root)\)$/;

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface StepTime {
  readonly step: string;
  /** Of the time in which the thread worked. */
  readonly share: number;
}

/** Where the main thread of a process that was run with `--cpu-prof` spent the last seconds before it ended. */
export async function stepsOf(folder: string, pid: number, seconds: number): Promise<StepTime[]> {
  const mainThread = new RegExp(`\\.${pid}\\.0\\.\\d+\\.cpuprofile$`);
  const name = (await readdir(folder)).find((file) => mainThread.test(file));
  if (name === undefined) throw new Error(`No profile of ${pid} in ${folder}`);
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(join(folder, name), 'utf8')) as Profile;
  const placeOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url } }) => [id, url === '' ? `native ${functionName}` : url]),
  );
  const parentOf = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const times = new Map<string, number>();
  let left = seconds * 1e6;
  for (let index = samples.length - 1; index >= 0 && left > 0; index -= 1) {
    const micros = timeDeltas[index]!;
    left -= micros;
    const step = stepAt(samples[index]!, placeOf, parentOf);
    if (step !== undefined) times.set(step, (times.get(step) ?? 0) + micros);
  }
  const total = [...times.values()].reduce((sum, micros) => sum + micros, 0);
  return [...times]
    .map(([step, micros]) => ({ step, share: micros / total }))
    .toSorted((one, other) => other.share - one.share);
}

function stepAt(
  leaf: number,
  placeOf: ReadonlyMap<number, string>,
  parentOf: ReadonlyMap<number, number>,
): string | undefined {
  if (NOT_WORK.test(placeOf.get(leaf) ?? '')) return undefined;
  for (let node: number | undefined = leaf; node !== undefined; node = parentOf.get(node)) {
    const place = placeOf.get(node) ?? '';
    const found = STEPS.find(([, pattern]) => pattern.test(place));
    if (found !== undefined) return found[0];
  }
  return REST;
}
