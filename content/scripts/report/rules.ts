import { setsOf, type Bank } from './bank.ts';
import { formViolations } from './form-rules.ts';
import { isOutOfRange, measuredTexts } from './lengths.ts';
import { setViolations } from './set-rules.ts';
import { nearDuplicateStems, repeatedPhrases } from './similarity.ts';

/** Where the bank breaks its own house rules; empty when it is sound. */
export function ruleViolations(bank: Bank): string[] {
  const sets = [...bank.sets.values()];
  const used = new Set(bank.forms.flatMap((form) => setsOf(bank, form)));
  return [
    ...bank.forms.flatMap((form) => formViolations(bank, form)),
    ...sets.flatMap(setViolations),
    ...sets.filter((set) => !used.has(set)).map(({ slug }) => `${slug}: no form uses it`),
    ...sets
      .flatMap(measuredTexts)
      .filter(isOutOfRange)
      .map(({ slug, kind, words }) => `${slug}: a ${kind} of ${words} words`),
    ...nearDuplicateStems(sets).map((pair) => `nearly the same stem: ${pair}`),
    ...repeatedPhrases(sets).map((phrase) => `repeated: ${phrase}`),
  ];
}
