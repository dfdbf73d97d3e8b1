import type { BankItem, BankSet } from './bank.ts';

/** Longest run of one key, items of a form in order. */
export function longestRun(keys: readonly string[]): number {
  let longest = 0;
  let run = 0;
  for (const [index, key] of keys.entries()) {
    run = key === keys[index - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** How often each key occurs. */
export function keyCounts(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys.toSorted()) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/** True when the key is longer than every other option: what a guesser looks for. */
export function keyIsLongest({ options, key }: BankItem): boolean {
  const lengths = options.map((option) => option.length);
  const own = lengths['ABCD'.indexOf(key)] ?? 0;
  return lengths.filter((length) => length >= own).length === 1;
}

/** Items whose options are marks in the text say nothing by their length. */
export function itemsWithTexts(sets: readonly BankSet[]): BankItem[] {
  return sets
    .flatMap(({ items }) => items)
    .filter(({ options }) => !options.every((option) => /^\[\d\]$/.test(option)));
}
