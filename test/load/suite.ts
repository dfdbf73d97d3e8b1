import type { LoadGenerator } from './generators/load-generator.ts';
import type { BenchOptions } from './options.ts';
import type { LaunchContext } from './servers/launch-context.ts';

/** What a suite is run with. */
export interface SuiteContext {
  readonly options: BenchOptions;
  readonly launch: LaunchContext;
  readonly generator: LoadGenerator;
  /** Ends what was started, when the suite is over. */
  readonly stack: AsyncDisposableStack;
}

/** One question, and its answer as a section of docs/benchmarks.md. */
export interface Suite {
  /** Kebab-case: `npm run bench -- <name>` runs it alone. */
  readonly name: string;
  run(context: SuiteContext): Promise<string>;
}
