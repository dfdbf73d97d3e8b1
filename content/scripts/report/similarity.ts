import type { BankSet } from './bank.ts';

const SHINGLE_WORDS = 3;
const NEAR = 0.6;
const PHRASE_WORDS = 7;
const SHORTEST_COMPARED_WORDS = 7;

/** Formulas the format itself repeats. */
const FORMULAIC =
  /look at the graphic|what (does|do|did) the|what is the (main )?(purpose|topic)|in which of the positions|following sentence best belong|is closest in meaning|most likely|positions marked/i;

/** Lower-case words, without marks. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? [];
}

/** Every run of so many words. */
export function shingles(words: readonly string[], size: number): Set<string> {
  return new Set(
    words.slice(0, Math.max(0, words.length - size + 1)).map((_, index) => words.slice(index, index + size).join(' ')),
  );
}

/** Pairs of stems that share most of their words in order (Jaccard index of word triples). */
export function nearDuplicateStems(sets: readonly BankSet[]): string[] {
  const stems = sets.flatMap(({ slug, items }) =>
    items.flatMap(({ stem }, index) => {
      const words = wordsOf(stem ?? '');
      if (words.length < SHORTEST_COMPARED_WORDS || FORMULAIC.test(stem ?? '')) return [];
      return [{ name: `${slug} ${index + 1}`, shingles: shingles(words, SHINGLE_WORDS) }];
    }),
  );
  return stems.flatMap((a, index) =>
    stems.slice(index + 1).flatMap((b) => (jaccard(a.shingles, b.shingles) >= NEAR ? [`${a.name} and ${b.name}`] : [])),
  );
}

/** Seven-word phrases that stand in the texts of three sets or more. */
export function repeatedPhrases(sets: readonly BankSet[]): string[] {
  const where = new Map<string, Set<string>>();
  for (const { slug, passages = [], transcript } of sets) {
    const texts = [...passages.map(({ text }) => text), (transcript ?? []).map(({ text }) => text).join(' ')];
    for (const phrase of texts.flatMap((text) => [...shingles(wordsOf(text), PHRASE_WORDS)])) {
      where.set(phrase, (where.get(phrase) ?? new Set()).add(slug));
    }
  }
  return [...where]
    .filter(([, slugs]) => slugs.size >= 3)
    .map(([phrase, slugs]) => `“${phrase}” in ${[...slugs].join(', ')}`);
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((shingle) => b.has(shingle)).length;
  return shared === 0 ? 0 : shared / (a.size + b.size - shared);
}
