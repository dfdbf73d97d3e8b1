import type { BankSet } from './bank.ts';

/** Words a text of the format has, roughly: fewest and most. Part 7 differs by how many passages go together. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  'part 1 statement': [4, 14],
  'part 2 question': [3, 22],
  'part 2 response': [1, 16],
  'part 3 conversation': [60, 135],
  'part 4 talk': [60, 135],
  'part 5 sentence': [8, 32],
  'part 6 text': [75, 190],
  'part 7 single': [40, 360],
  'part 7 multiple': [30, 300],
};

export interface MeasuredText {
  readonly slug: string;
  readonly kind: string;
  readonly words: number;
}

export function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** Every text of a set with its length in words. */
export function measuredTexts({ slug, part, items, passages = [], transcript }: BankSet): MeasuredText[] {
  const measured = (kind: string, text: string): MeasuredText => ({ slug, kind, words: countWords(text) });
  const heard = (transcript ?? []).map(({ text }) => text).join(' ');
  switch (part) {
    case 1:
      return items.flatMap(({ options }) => options.map((option) => measured('part 1 statement', option)));
    case 2:
      return items.flatMap(({ stem, options }) => [
        measured('part 2 question', stem ?? ''),
        ...options.map((option) => measured('part 2 response', option)),
      ]);
    case 3:
      return [measured('part 3 conversation', heard)];
    case 4:
      return [measured('part 4 talk', heard)];
    case 5:
      return items.map(({ stem }) => measured('part 5 sentence', stem ?? ''));
    case 6:
      return passages.map(({ text }) => measured('part 6 text', text));
    default:
      return passages.map(({ text }) => measured(passages.length > 1 ? 'part 7 multiple' : 'part 7 single', text));
  }
}

export function isOutOfRange({ kind, words }: MeasuredText): boolean {
  const [fewest, most] = RANGES[kind] ?? [0, Number.POSITIVE_INFINITY];
  return words < fewest || words > most;
}
