import { isOnlyHeard, type Part } from './parts.js';
import type { Passage, QuestionDraft } from './question.js';

/** What the text filter finds an item by: only what a candidate may read, so that no search reveals a key. */
export function searchTextOf(
  part: Part,
  { stem, options }: Pick<QuestionDraft, 'stem' | 'options'>,
  passages: readonly Passage[],
): string {
  if (isOnlyHeard(part)) return '';
  return [stem ?? '', ...options, ...passages.flatMap(({ title, text }) => [title ?? '', text])].join('\n');
}
