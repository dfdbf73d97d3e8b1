/** What the engines read wrongly, and how to write it so that they read it as a person would. */
const RESPELLED: readonly (readonly [RegExp, string])[] = [
  [/\bMs\./g, 'Miz'],
  // Words with two pronunciations, of which the engines take the other one.
  [/\bpresent first\b/g, 'pre zent first'],
  [/\bshould read\b/g, 'should reed'],
  [/\blead her\b/g, 'leed her'],
  [/\bcan use that\b/g, 'can yooz that'],
  [/\bExcuse me\b/g, 'Excuze me'],
  // Names.
  [/\bKwame\b/g, 'Kwah may'],
  [/\bEmre\b/g, 'Em ray'],
  [/\bGdynia\b/g, 'Gudinya'],
  [/\bDiallo\b/g, 'Dee allo'],
  [/\bVidal\b/g, 'Vidahl'],
  [/\bIlse\b/g, 'Ilsa'],
  [/\bInes\b/g, 'Inez'],
];

/** A text as it is given to an engine: typographic marks are plain, and words are spelled as they sound. */
export function spoken(text: string): string {
  const respelled = RESPELLED.reduce((written, [word, sound]) => written.replaceAll(word, sound), text);
  return respelled
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/\s*[—–]\s*/g, ', ')
    .replaceAll('…', '...')
    .replaceAll(/\bA\.M\./g, 'A M')
    .replaceAll(/\bP\.M\./g, 'P M')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '');
}
