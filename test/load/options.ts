import { parseArgs } from 'node:util';
import type { Suite } from './suite.ts';

export interface BenchOptions {
  readonly suites: readonly Suite[];
  readonly seconds: number;
  readonly rounds: number;
  readonly warmupSeconds: number;
  readonly connections: number;
  /** The window of the stock application's throttler; see `servers/stock-nest.ts`. */
  readonly throttleWindowMs: number;
  /** Measure only the peers of the cached read, on a made-up page, when Mockingbird is not built. */
  readonly peersOnly: boolean;
  /** Replace the sections of docs/benchmarks.md. */
  readonly write: boolean;
}

const ROUNDS_WORTH_WRITING = 5;

export function readOptions(args: string[], all: readonly Suite[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '5' },
      warmup: { type: 'string', default: '5' },
      connections: { type: 'string', default: '32' },
      'throttle-window-ms': { type: 'string', default: '25' },
      'peers-only': { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const options: BenchOptions = {
    suites: positionals.length === 0 ? all : positionals.map((name) => suiteNamed(name, all)),
    seconds: positiveInteger('seconds', values.seconds),
    rounds: positiveInteger('rounds', values.rounds),
    warmupSeconds: positiveInteger('warmup', values.warmup),
    connections: positiveInteger('connections', values.connections),
    throttleWindowMs: positiveInteger('throttle-window-ms', values['throttle-window-ms']),
    peersOnly: values['peers-only'],
    write: values.write,
  };
  if (options.write && (options.peersOnly || options.rounds < ROUNDS_WORTH_WRITING)) {
    throw new Error(`--write needs Mockingbird and at least ${ROUNDS_WORTH_WRITING} rounds`);
  }
  return options;
}

function suiteNamed(name: string, all: readonly Suite[]): Suite {
  const suite = all.find((each) => each.name === name);
  if (suite === undefined) throw new Error(`No suite ${name}; there are ${all.map((each) => each.name).join(', ')}`);
  return suite;
}

function positiveInteger(name: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`--${name} takes a whole number above 0`);
  return Number(text);
}
