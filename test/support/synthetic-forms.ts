import type { TemporaryContent } from './temporary-content.js';

type Part = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Sets of a full form by part, as the number of items in each. */
const FULL_FORM: Readonly<Record<Part, readonly number[]>> = {
  1: Array.from({ length: 6 }, () => 1),
  2: Array.from({ length: 25 }, () => 1),
  3: Array.from({ length: 13 }, () => 3),
  4: Array.from({ length: 10 }, () => 3),
  5: Array.from({ length: 30 }, () => 1),
  6: Array.from({ length: 4 }, () => 4),
  7: [3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 5, 5, 5, 5, 5],
};
const LETTERS = ['A', 'B', 'C', 'D'] as const;

/** In every text that must not leave the server before an attempt is over. */
export const SECRET = 'zsecret';
/** In every option and question that is only heard. */
export const ONLY_HEARD = 'zheard';

/** Writes a full form of 200 made-up items, `synthetic-full`. */
export async function writeFullForm(content: TemporaryContent): Promise<string> {
  return writeForm(content, 'synthetic-full', 'full', FULL_FORM);
}

/** Writes a part form of one Part 1 and two Part 2 items. */
export async function writeHeardForm(content: TemporaryContent, slug: string): Promise<string> {
  return writeForm(content, slug, 'part', { 1: [1], 2: [1, 1] });
}

async function writeForm(
  content: TemporaryContent,
  slug: string,
  kind: 'full' | 'part',
  shape: Partial<Record<Part, readonly number[]>>,
): Promise<string> {
  const parts = Object.entries(shape).map(([name, sizes]) => {
    const part = Number(name) as Part;
    return { part, sets: sizes.map((size, index) => setOf(slug, part, index, size)) };
  });
  const inSection = (listening: boolean) =>
    parts
      .filter(({ part }) => part <= 4 === listening)
      .map(({ part, sets }) => ({
        part,
        directions: `Directions of part ${part}.`,
        sets: sets.map((set) => set.slug),
      }));
  const sections = [
    { name: 'listening', limitSeconds: 2700, parts: inSection(true) },
    { name: 'reading', limitSeconds: 4500, parts: inSection(false) },
  ].filter((section) => section.parts.length > 0);
  const counts = parts.map(({ part, sets }) => [part, sets.reduce((sum, { items }) => sum + items.length, 0)]);
  await content.write(`sets/${slug}.yaml`, { sets: parts.flatMap(({ sets }) => sets) });
  await content.write(`forms/${slug}.yaml`, {
    slug,
    title: `Form ${slug}`,
    description: 'Made up for a test.',
    kind,
    blueprint: Object.fromEntries(counts) as object,
    sections,
  });
  return slug;
}

function setOf(form: string, part: Part, index: number, size: number) {
  const listening = part <= 4;
  const blanks = Array.from({ length: size }, (_, position) => `Sentence ${position + 1} has {{${position + 1}}}.`);
  return {
    slug: `${form}-p${part}-${index + 1}`,
    part,
    passages: part >= 6 ? [{ kind: 'notice', text: part === 6 ? blanks.join(' ') : `Notice ${index + 1}.` }] : [],
    audio: listening ? `${form}/p${part}-${index + 1}.mp3` : null,
    graphic: part === 1 ? `${form}/p1-${index + 1}.png` : null,
    transcript: listening ? [{ speaker: 'Woman', text: `${SECRET} transcript of part ${part}, ${index + 1}` }] : null,
    items: Array.from({ length: size }, (_, position) => itemOf(part, index, position)),
  };
}

function itemOf(part: Part, index: number, position: number) {
  const choices = LETTERS.slice(0, part === 2 ? 3 : 4);
  const key = choices[(index + position) % choices.length] as (typeof LETTERS)[number];
  const heard = part <= 2 ? `${ONLY_HEARD} ` : '';
  return {
    stem: part === 1 || part === 6 ? null : `${heard}Question ${part}-${index + 1}-${position + 1} ------- ?`,
    options: choices.map((letter) => `${heard}option ${letter} of ${part}-${index + 1}-${position + 1}`),
    key,
    ability: `${part <= 4 ? 'L' : 'R'}${((index + position) % 5) + 1}`,
    difficulty: ((index + position) % 5) + 1,
    explanation: `${SECRET} explanation of ${part}-${index + 1}-${position + 1}`,
    distractors: Object.fromEntries(
      choices.filter((letter) => letter !== key).map((letter) => [letter, `${SECRET} why ${letter} is wrong`]),
    ),
  };
}
