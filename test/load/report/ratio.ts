import type { Series } from '../rounds.ts';
import type { LoadResult } from '../generators/load-generator.ts';
import { median } from '../median.ts';

export function rate({ requests, durationSeconds }: LoadResult): number {
  return requests / durationSeconds;
}

/** The median over the rounds of one server's rate by another's in the same round, and its range. */
export function formatRatio(series: Series, reference: Series): string {
  if (series === reference) return '1';
  const ratios = series.results.map((result, round) => rate(result) / rate(reference.results[round]!));
  return `${show(median(ratios))} (${show(Math.min(...ratios))}-${show(Math.max(...ratios))})`;
}

function show(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : 1);
}
