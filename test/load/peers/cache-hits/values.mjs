// Plain JavaScript, as the caches are: what is measured begins with nothing to compile.
export const KEYS = 1000;
export const TTL_MS = 3_600_000;

/** An answer of about 1 KB, as a page of the API has it for one question. */
export function valueOf(index) {
  return {
    id: `01980000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    part: 5,
    stem: `The shipment of replacement parts will ------- at the warehouse before noon (${index}).`,
    options: ['arrive', 'arrival', 'arriving', 'arrived'].map((text, i) => ({ label: 'ABCD'[i], text })),
    tags: ['grammar', 'verb form'],
    explanation: 'A modal verb is followed by the base form. '.repeat(14).trim(),
  };
}

export const NAMES = Array.from({ length: KEYS }, (_, index) => `questions:${index}`);
