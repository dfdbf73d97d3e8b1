import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly warmupSeconds: number;
  readonly connections: number;
  /** The window of the stock application's throttler; see `servers/stock-nest.ts`. */
  readonly throttleWindowMs: number;
  /** The built entry file of Mockingbird. */
  readonly entry: string;
  readonly account: { readonly email: string; readonly password: string };
  /** Measure only the peers, on a made-up page, when Mockingbird is not built. */
  readonly peersOnly: boolean;
  /** Replace the section of docs/benchmarks.md. */
  readonly write: boolean;
}

const ROUNDS_WORTH_WRITING = 5;

export function readOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '5' },
      warmup: { type: 'string', default: '5' },
      connections: { type: 'string', default: '32' },
      'throttle-window-ms': { type: 'string', default: '25' },
      entry: { type: 'string', default: 'dist/apps/api/src/main.js' },
      email: { type: 'string', default: process.env['BENCH_EMAIL'] ?? 'learner@example.com' },
      password: { type: 'string', default: process.env['BENCH_PASSWORD'] ?? 'learner-demo-2026' },
      'peers-only': { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const options: BenchOptions = {
    seconds: positiveInteger('seconds', values.seconds),
    rounds: positiveInteger('rounds', values.rounds),
    warmupSeconds: positiveInteger('warmup', values.warmup),
    connections: positiveInteger('connections', values.connections),
    throttleWindowMs: positiveInteger('throttle-window-ms', values['throttle-window-ms']),
    entry: values.entry,
    account: { email: values.email, password: values.password },
    peersOnly: values['peers-only'],
    write: values.write,
  };
  if (options.write && (options.peersOnly || options.rounds < ROUNDS_WORTH_WRITING)) {
    throw new Error(`--write needs Mockingbird and at least ${ROUNDS_WORTH_WRITING} rounds`);
  }
  return options;
}

function positiveInteger(name: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`--${name} takes a whole number above 0`);
  return Number(text);
}
