import { chooseLoadGenerator } from './generators/load-generator.ts';
import { measure, type Measurement } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { choosePinning } from './pinning.ts';
import { describeMachine } from './report/machine.ts';
import { percent } from './report/percent.ts';
import { startTargets } from './start-targets.ts';
import type { Target } from './target.ts';
import { createWorkspace } from './workspace.ts';

/** A target and what each round measured of it. */
export interface Series {
  readonly name: string;
  readonly results: readonly Measurement[];
}

export interface BenchmarkResult {
  /** One line each: machine, versions, method. */
  readonly conditions: readonly string[];
  readonly bare: Series;
  readonly stock: Series;
  readonly mockingbirds: readonly Series[];
}

/** Starts the servers, loads them in interleaved rounds, and leaves nothing behind. */
export async function runBenchmark(options: BenchOptions, signal: AbortSignal): Promise<BenchmarkResult> {
  const machine = describeMachine();
  const pinning = choosePinning();
  const generator = chooseLoadGenerator(pinning);
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await createWorkspace());
  const targets = await startTargets(options, { pinning, folder, signal }, stack);
  const { bare, stock, mockingbirds } = targets;
  const conditions = [
    ...machine,
    `Generator: ${generator.description}, ${options.connections} connections kept busy`,
    `Pinning: ${pinning.description}`,
    `Rounds: ${options.rounds} of ${options.seconds} s each, interleaved, after a warm-up of ${options.warmupSeconds} s each`,
    `Page: ${targets.pageBytes} bytes of JSON, not compressed; throttler window of stock Nest: ${options.throttleWindowMs} ms`,
    ...targets.omissions.map((omission) => `Not measured: ${omission}`),
  ];
  process.stdout.write(`${conditions.join('\n')}\n\n`);

  const all: readonly Target[] = [bare, stock, ...mockingbirds];
  const load = { generator, connections: options.connections, signal };
  const results = new Map(all.map((target) => [target, [] as Measurement[]]));
  for (const target of all) await measure(target, { ...load, seconds: options.warmupSeconds });
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const target of all) {
      const result = await measure(target, { ...load, seconds: options.seconds });
      results.get(target)!.push(result);
      process.stdout.write(`round ${round}  ${target.name.padEnd(22)} ${describe(result)}\n`);
    }
  }

  const series = (target: Target): Series => ({ name: target.name, results: results.get(target)! });
  return {
    conditions,
    bare: series(bare),
    stock: series(stock),
    mockingbirds: mockingbirds.map(series),
  };
}

function describe({ requests, durationSeconds, serverBusy, generatorBusy }: Measurement): string {
  const rate = Math.round(requests / durationSeconds);
  return `${String(rate).padStart(6)} requests/s, server ${percent(serverBusy)} busy, generator ${percent(generatorBusy)}`;
}
