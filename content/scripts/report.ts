import { join } from 'node:path';
import { readBank, setsOf } from './report/bank.ts';
import { itemsWithTexts, keyCounts, keyIsLongest, longestRun } from './report/keys.ts';
import { measuredTexts } from './report/lengths.ts';
import { gradeLevel } from './report/readability.ts';
import { ruleViolations } from './report/rules.ts';
import { readVocabulary, usesOf } from './report/vocabulary-uses.ts';

/** Prints how the bank is made, and where it breaks a rule (exit code 1). */
const contentDir = join(import.meta.dirname, '..');
const bank = readBank(contentDir);
const print = (line: string) => void process.stdout.write(`${line}\n`);

for (const form of bank.forms) {
  const sets = setsOf(bank, form);
  const items = sets.flatMap((set) => set.items);
  const texts = itemsWithTexts(sets);
  const longest = texts.filter(keyIsLongest).length;
  print(`\n${form.slug}: ${sets.length} sets, ${items.length} items`);
  print(
    `  keys ${JSON.stringify(keyCounts(items.map(({ key }) => key)))}, longest run ${longestRun(items.map(({ key }) => key))}`,
  );
  print(`  key is the longest option: ${longest} of ${texts.length} (${Math.round((longest / texts.length) * 100)} %)`);
  print(`  difficulty ${JSON.stringify(keyCounts(items.map(({ difficulty }) => String(difficulty))))}`);
  print(`  abilities ${JSON.stringify(keyCounts(items.map(({ ability }) => ability)))}`);
}

print('\nLengths in words');
for (const [kind, texts] of Map.groupBy([...bank.sets.values()].flatMap(measuredTexts), (text) => text.kind)) {
  const words = texts.map((text) => text.words).toSorted((a, b) => a - b);
  print(
    `  ${kind}: ${words[0]} to ${words.at(-1)}, median ${words[Math.floor(words.length / 2)]} (${words.length} texts)`,
  );
}

print('\nReading level (Flesch-Kincaid grade)');
for (const [part, sets] of [...Map.groupBy(bank.sets.values(), (set) => set.part)].toSorted((a, b) => a[0] - b[0])) {
  const text = sets
    .flatMap(({ passages = [], transcript, items }) => [
      ...passages.map((passage) => passage.text),
      ...(transcript ?? []).map((line) => line.text),
      ...items.map(({ stem }) => stem ?? ''),
    ])
    .join('\n');
  print(`  part ${part}: ${gradeLevel(text).toFixed(1)}`);
}

print('\nVocabulary level (words of the list that the texts of a part use)');
const vocabulary = readVocabulary(contentDir);
for (const [part, sets] of [...Map.groupBy(bank.sets.values(), (set) => set.part)].toSorted((a, b) => a[0] - b[0])) {
  const uses = usesOf(vocabulary, sets);
  const levels = vocabulary.filter(({ slug }) => (uses[slug] ?? []).length > 0).map(({ level }) => level);
  print(`  part ${part}: ${JSON.stringify(keyCounts(levels))}`);
}

const violations = ruleViolations(bank);
print(
  violations.length === 0
    ? '\nNo rule is broken.'
    : `\nBroken rules:\n${violations.map((violation) => `  - ${violation}`).join('\n')}`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
