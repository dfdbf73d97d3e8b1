import { setsOf, type Bank } from './bank.ts';
import { itemsWithTexts, keyCounts, keyIsLongest, longestRun } from './keys.ts';
import { isOutOfRange, measuredTexts } from './lengths.ts';
import { nearDuplicateStems, repeatedPhrases } from './similarity.ts';

const LONGEST_RUN = 4;
const MOST_LONGEST_KEYS = 0.4;
const FEWEST_ITEMS_FOR_SHARES = 10;
/** How far from an even share a key may be. */
const UNEVEN = 0.12;

/** Where the bank breaks its own house rules; empty when it is sound. */
export function ruleViolations(bank: Bank): string[] {
  const sets = [...bank.sets.values()];
  return [
    ...bank.forms.flatMap((form) => formViolations(bank, form)),
    ...sets
      .flatMap(measuredTexts)
      .filter(isOutOfRange)
      .map(({ slug, kind, words }) => `${slug}: a ${kind} of ${words} words`),
    ...nearDuplicateStems(sets).map((pair) => `nearly the same stem: ${pair}`),
    ...repeatedPhrases(sets).map((phrase) => `repeated: ${phrase}`),
  ];
}

function formViolations(bank: Bank, form: Bank['forms'][number]): string[] {
  const sets = setsOf(bank, form);
  const problems: string[] = [];
  const keys = sets.flatMap(({ items }) => items.map(({ key }) => key));
  if (longestRun(keys) > LONGEST_RUN) problems.push(`${form.slug}: a key ${longestRun(keys)} times in a row`);
  const texts = itemsWithTexts(sets);
  const share = texts.filter(keyIsLongest).length / texts.length;
  if (texts.length >= FEWEST_ITEMS_FOR_SHARES && share > MOST_LONGEST_KEYS) {
    problems.push(`${form.slug}: the key is the longest option in ${Math.round(share * 100)} % of the items`);
  }
  for (const [part, members] of Map.groupBy(sets, (set) => set.part)) {
    const own = members.flatMap(({ items }) => items.map(({ key }) => key));
    if (own.length < FEWEST_ITEMS_FOR_SHARES) continue;
    const even = 1 / (part === 2 ? 3 : 4);
    for (const [key, count] of Object.entries(keyCounts(own))) {
      if (Math.abs(count / own.length - even) > UNEVEN)
        problems.push(`${form.slug} part ${part}: ${key} is the key ${count} of ${own.length} times`);
    }
  }
  return problems;
}
