import type { FieldError } from '@app/errors';
import {
  choicesOf,
  isOnlyHeard,
  LISTENING_ABILITIES,
  optionCountOf,
  READING_ABILITIES,
  sectionOf,
  type Part,
} from './parts.js';
import type { QuestionDraft } from './question.js';

/** What makes an item of this part impossible to use; empty when it is sound. */
export function questionRuleViolations(part: Part, draft: QuestionDraft): FieldError[] {
  const violations: FieldError[] = [];
  const refuse = (path: string, message: string) => violations.push({ path, message });

  const optionCount = optionCountOf(part);
  if (draft.options.length !== optionCount) refuse('options', `Part ${part} has exactly ${optionCount} options.`);
  if (new Set(draft.options.map((option) => option.trim().toLowerCase())).size !== draft.options.length) {
    refuse('options', 'Two options are the same.');
  }
  const choices = choicesOf(part);
  if (!choices.includes(draft.key)) refuse('key', `The key of Part ${part} is one of ${choices.join(', ')}.`);

  const abilities: readonly string[] = sectionOf(part) === 'listening' ? LISTENING_ABILITIES : READING_ABILITIES;
  if (!abilities.includes(draft.ability)) refuse('ability', `Part ${part} measures one of ${abilities.join(', ')}.`);

  const explained = Object.keys(draft.distractors).toSorted().join();
  const wrong = choices.filter((choice) => choice !== draft.key).join();
  if (explained !== wrong) refuse('distractors', `Explain exactly the wrong options: ${wrong}.`);

  // Part 1 shows a picture, Part 6 numbers its blanks in the passage; all others ask something.
  if (draft.stem === null && part !== 6 && !isOnlyHeard(part)) refuse('stem', `Part ${part} needs a stem.`);
  return violations;
}
