/** Flesch-Kincaid grade level: 0.39 words/sentence + 11.8 syllables/word - 15.59 (Kincaid et al., 1975). */
export function gradeLevel(text: string): number {
  const sentences = Math.max(1, (text.match(/[.!?]+(\s|$)/g) ?? []).length);
  const words = text.toLowerCase().match(/[a-z'’]+/g) ?? [];
  if (words.length === 0) return 0;
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0);
  return (0.39 * words.length) / sentences + (11.8 * syllables) / words.length - 15.59;
}

/** Vowel groups, less a silent final e: an estimate. */
function syllablesOf(word: string): number {
  const groups = word.replace(/e$/, '').match(/[aeiouy]+/g) ?? [];
  return Math.max(1, groups.length);
}
