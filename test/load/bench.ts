/** `npm run bench`: the authenticated cached read, against bare Fastify and a stock Nest application. */
import { runBenchmark } from './benchmark.ts';
import { readOptions } from './options.ts';
import { writeBenchmarksDocument } from './report/benchmarks-document.ts';
import { formatReport } from './report/report.ts';

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interruption.abort(new Error(`stopped by ${name}`)));
}

try {
  const options = readOptions(process.argv.slice(2));
  const report = formatReport(await runBenchmark(options, interruption.signal));
  process.stdout.write(`\n${report}\n`);
  if (options.write) process.stdout.write(`Written to ${await writeBenchmarksDocument(report)}\n`);
} catch (error) {
  const reason = interruption.signal.aborted ? interruption.signal.reason : error;
  process.stderr.write(`bench: ${reason instanceof Error ? reason.message : String(reason)}\n`);
  process.exitCode = 1;
}
