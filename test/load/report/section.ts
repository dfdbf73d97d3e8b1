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
  /** Of the rates; requests a second, with their latencies, unless given. */
  readonly unit?: string;
  readonly references: readonly Reference[];
  /** One line each: machine, versions, method. */
  readonly conditions: readonly string[];
  readonly command: string;
}

const GENERATOR_BUSY_LIMIT = 0.85;
const SERVER_BUSY_FLOOR = 0.9;

/** The result as Markdown, for the terminal and for docs/benchmarks.md alike. */
export function formatSection({ title, question, series, unit, references, conditions, command }: Section): string {
  const latencies = unit === undefined;
  const rows = series.map((each) => [
    each.name,
    median(each.results.map(rate)).toFixed(0),
    ...(latencies ? [latency(each, 'p50Ms'), latency(each, 'p99Ms'), cpuMicroseconds(each)] : []),
    ...references.map((reference) => formatRatio(each, reference.series)),
  ]);
  const measured =
    unit === undefined ? ['Server', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request'] : ['Cache', unit];
  const head = [...measured, ...references.map(({ heading }) => heading)];
  return [
    `## ${title}`,
    question,
    formatTable([head, ...rows]),
    `Medians over the rounds. A ratio is taken within each round: median (lowest-highest).${latencies ? ' Latencies are those of a saturated server.' : ''}`,
    [...conditions, ...series.flatMap(cautions)].map((line) => `- ${line}`).join('\n'),
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}.\n`,
  ].join('\n\n');
}

function latency({ results }: Series, which: 'p50Ms' | 'p99Ms'): string {
  return median(results.map(({ [which]: ms }) => ms)).toFixed(2);
}

/** Of the server's processor, all its threads and its background work included. */
function cpuMicroseconds({ results }: Series): string {
  return median(results.map((result) => (result.serverBusy / rate(result)) * 1e6)).toFixed(0);
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
