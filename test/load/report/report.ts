import type { BenchmarkResult, Series } from '../benchmark.ts';
import { median } from '../median.ts';
import { percent } from './percent.ts';
import { formatRatio, rate } from './ratio.ts';
import { formatTable } from './table.ts';

const GENERATOR_BUSY_LIMIT = 0.85;
const SERVER_BUSY_FLOOR = 0.9;

/** The result as Markdown, for the terminal and for docs/benchmarks.md alike. */
export function formatReport(result: BenchmarkResult): string {
  const { bare, stock, mockingbirds } = result;
  const all = [bare, stock, ...mockingbirds];
  const rows = all.map((series) => [
    series.name,
    median(series.results.map(rate)).toFixed(0),
    median(series.results.map(({ p50Ms }) => p50Ms)).toFixed(2),
    median(series.results.map(({ p99Ms }) => p99Ms)).toFixed(2),
    formatRatio(series, bare),
    formatRatio(series, stock),
  ]);
  return [
    '## Authenticated cached read of 20 questions',
    formatTable([['Server', 'requests/s', 'p50 ms', 'p99 ms', 'to bare Fastify', 'to stock Nest'], ...rows]),
    'Medians over the rounds. A ratio is taken within each round: median (lowest-highest). Latencies are those of a saturated server.',
    [...result.conditions, ...all.flatMap(cautions)].map((line) => `- ${line}`).join('\n'),
    `\`npm run bench\`, ${new Date().toISOString().slice(0, 10)}.\n`,
  ].join('\n\n');
}

/** What makes the numbers of one server doubtful. */
function cautions({ name, results }: Series): string[] {
  const generator = median(results.map(({ generatorBusy }) => generatorBusy));
  const server = median(results.map(({ serverBusy }) => serverBusy));
  return [
    ...(generator > GENERATOR_BUSY_LIMIT
      ? [`Caution: the generator was ${percent(generator)} busy against ${name}, which can do more than shown`]
      : []),
    ...(server < SERVER_BUSY_FLOOR
      ? [`Caution: ${name} got ${percent(server)} of its core; the rest went to waiting or to other processes`]
      : []),
  ];
}
