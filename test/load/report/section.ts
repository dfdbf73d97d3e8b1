import { median } from '../median.ts';
import type { Series } from '../rounds.ts';
import { percent } from './percent.ts';
import { formatRatio, rate } from './ratio.ts';
import { formatTable } from './table.ts';

/** A column of ratios to one of the series. */
export interface Reference {
  readonly heading: string;
  readonly series: Series;
}

export interface Section {
  readonly title: string;
  /** What was asked, in a sentence or two. */
  readonly question: string;
  readonly series: readonly Series[];
  readonly references: readonly Reference[];
  /** One line each: machine, versions, method. */
  readonly conditions: readonly string[];
  readonly command: string;
}

const GENERATOR_BUSY_LIMIT = 0.85;
const SERVER_BUSY_FLOOR = 0.9;

/** The result as Markdown, for the terminal and for docs/benchmarks.md alike. */
export function formatSection({ title, question, series, references, conditions, command }: Section): string {
  const rows = series.map((each) => [
    each.name,
    median(each.results.map(rate)).toFixed(0),
    median(each.results.map(({ p50Ms }) => p50Ms)).toFixed(2),
    median(each.results.map(({ p99Ms }) => p99Ms)).toFixed(2),
    ...references.map((reference) => formatRatio(each, reference.series)),
  ]);
  const head = ['Server', 'requests/s', 'p50 ms', 'p99 ms', ...references.map(({ heading }) => heading)];
  return [
    `## ${title}`,
    question,
    formatTable([head, ...rows]),
    'Medians over the rounds. A ratio is taken within each round: median (lowest-highest). Latencies are those of a saturated server.',
    [...conditions, ...series.flatMap(cautions)].map((line) => `- ${line}`).join('\n'),
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}.\n`,
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
