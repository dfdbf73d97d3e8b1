import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { readBank } from './report/bank.ts';
import { usesOf, type VocabularyEntry } from './report/vocabulary-uses.ts';

/** Writes content/vocabulary/uses.yaml: by word, the sets whose texts use it. */
const contentDir = join(import.meta.dirname, '..');
const folder = join(contentDir, 'vocabulary');
const entries = readdirSync(folder)
  .filter((name) => /^\d+\.yaml$/.test(name))
  .toSorted()
  .flatMap((name) => (parse(readFileSync(join(folder, name), 'utf8')) as { entries: VocabularyEntry[] }).entries);
const uses = usesOf(entries, [...readBank(contentDir).sets.values()]);
writeFileSync(join(folder, 'uses.yaml'), stringify(uses));
const used = Object.values(uses).filter((slugs) => slugs.length > 0).length;
process.stdout.write(`${entries.length} words, ${used} of them in the bank\n`);
