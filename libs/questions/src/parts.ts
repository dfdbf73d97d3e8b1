/** The seven parts of the test format, and what is fixed for each. */
export const PARTS = [1, 2, 3, 4, 5, 6, 7] as const;
export type Part = (typeof PARTS)[number];

export const LISTENING_ABILITIES = ['L1', 'L2', 'L3', 'L4', 'L5'] as const;
export const READING_ABILITIES = ['R1', 'R2', 'R3', 'R4', 'R5'] as const;
/** What an item measures: L1-L5 in listening, R1-R5 in reading. */
export const ABILITIES = [...LISTENING_ABILITIES, ...READING_ABILITIES] as const;
export type Ability = (typeof ABILITIES)[number];

export const CHOICES = ['A', 'B', 'C', 'D'] as const;
export type Choice = (typeof CHOICES)[number];

export type SectionName = 'listening' | 'reading';

export function sectionOf(part: Part): SectionName {
  return part <= 4 ? 'listening' : 'reading';
}

/** Three responses in Part 2, four options elsewhere. */
export function optionCountOf(part: Part): 3 | 4 {
  return part === 2 ? 3 : 4;
}

export function choicesOf(part: Part): readonly Choice[] {
  return CHOICES.slice(0, optionCountOf(part));
}

/** In Parts 1 and 2 the options, and in Part 2 the question, are only heard until the attempt is over. */
export function isOnlyHeard(part: Part): boolean {
  return part <= 2;
}
