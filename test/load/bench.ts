/** `npm run bench [-- suite ...]`: ratios of servers measured in one run; see docs/benchmarks.md. */
import { chooseLoadGenerator } from './generators/load-generator.ts';
import { readOptions } from './options.ts';
import { choosePinning } from './pinning.ts';
import { writeSection } from './report/benchmarks-document.ts';
import { SUITES } from './suites.ts';
import { createWorkspace } from './workspace.ts';

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interruption.abort(new Error(`stopped by ${name}`)));
}

try {
  const options = readOptions(process.argv.slice(2), SUITES);
  for (const suite of options.suites) {
    const pinning = choosePinning();
    await using stack = new AsyncDisposableStack();
    const { path: folder } = stack.use(await createWorkspace());
    const launch = { pinning, folder, signal: interruption.signal };
    process.stdout.write(`\n${suite.name}\n`);
    const section = await suite.run({ options, launch, generator: await chooseLoadGenerator(pinning), stack });
    process.stdout.write(`\n${section}\n`);
    if (options.write) process.stdout.write(`Written to ${await writeSection(suite.name, section)}\n`);
  }
} catch (error) {
  const reason = interruption.signal.aborted ? interruption.signal.reason : error;
  process.stderr.write(`bench: ${reason instanceof Error ? reason.stack : String(reason)}\n`);
  process.exitCode = 1;
}
