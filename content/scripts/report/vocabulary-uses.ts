import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { BankSet } from './bank.ts';

/** As `content/vocabulary/*.yaml` has it. */
export interface VocabularyEntry {
  readonly slug: string;
  readonly headword: string;
  readonly partOfSpeech: string;
  readonly level: string;
  readonly topic: string;
  readonly definition: string;
  readonly example: string;
}

const ENDINGS = '(s|es|d|ed|ing|ly|ies|ied|er|ers|’s)?';

/** The list, in the order of its files. */
export function readVocabulary(contentDir: string): VocabularyEntry[] {
  const folder = join(contentDir, 'vocabulary');
  return readdirSync(folder)
    .filter((name) => /^\d+\.yaml$/.test(name))
    .toSorted()
    .flatMap((name) => (parse(readFileSync(join(folder, name), 'utf8')) as { entries: VocabularyEntry[] }).entries);
}

/** By slug of a word, the slugs of the sets whose texts use it in some form. */
export function usesOf(entries: readonly VocabularyEntry[], sets: readonly BankSet[]): Record<string, string[]> {
  const texts = sets.map((set) => ({ slug: set.slug, text: textOf(set) }));
  return Object.fromEntries(
    entries.map(({ slug, headword }) => {
      const pattern = patternOf(headword);
      return [slug, texts.filter(({ text }) => pattern.test(text)).map((set) => set.slug)];
    }),
  );
}

/** Every word of a phrase may be inflected; a final e or y may have gone. */
function patternOf(headword: string): RegExp {
  const words = headword
    .toLowerCase()
    .split(/\s+/)
    .map((word) => {
      const stem = word.length > 4 ? word.replace(/[ey]$/, '') : word;
      const optional = stem === word ? '' : `${word.at(-1)}?`;
      return `${RegExp.escape(stem)}${optional}${ENDINGS}`;
    });
  return new RegExp(String.raw`(?<![\p{L}])${words.join(String.raw`\s+`)}(?![\p{L}])`, 'u');
}

function textOf({ passages = [], transcript, items }: BankSet): string {
  return [
    ...passages.map(({ text }) => text),
    ...(transcript ?? []).map(({ text }) => text),
    ...items.flatMap(({ stem, options }) => [stem ?? '', ...options]),
  ]
    .join('\n')
    .toLowerCase();
}
