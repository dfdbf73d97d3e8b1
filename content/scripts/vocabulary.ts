import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readBank } from './report/bank.ts';
import { readVocabulary, usesOf } from './report/vocabulary-uses.ts';

/** Writes content/vocabulary/uses.yaml: by word, the sets whose texts use it. */
const contentDir = join(import.meta.dirname, '..');
const entries = readVocabulary(contentDir);
const uses = usesOf(entries, [...readBank(contentDir).sets.values()]);
writeFileSync(join(contentDir, 'vocabulary', 'uses.yaml'), stringify(uses));
const used = Object.values(uses).filter((slugs) => slugs.length > 0).length;
process.stdout.write(`${entries.length} words, ${used} of them in the bank\n`);
