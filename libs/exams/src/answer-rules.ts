import type { FieldError } from '@app/errors';
import { choicesOf } from '@app/questions';
import type { AnswerChange } from './attempt.js';
import type { Exam } from './exam.js';

/** What makes answers impossible for a form: unknown or repeated numbers, an option the part does not have. */
export function answerViolations({ keys }: Pick<Exam, 'keys'>, answers: readonly AnswerChange[]): FieldError[] {
  const parts = new Map(keys.map(({ number, part }) => [number, part]));
  const seen = new Set<number>();
  return answers.flatMap(({ number, choice }, index) => {
    const path = `answers.${index}`;
    const part = parts.get(number);
    if (part === undefined) return [{ path, message: `The exam has no item ${number}.` }];
    if (seen.has(number)) return [{ path, message: `Item ${number} is answered twice.` }];
    seen.add(number);
    const choices = choicesOf(part);
    if (choice !== null && !choices.includes(choice)) {
      return [{ path, message: `Item ${number} (Part ${part}) takes ${choices.join(', ')}.` }];
    }
    return [];
  });
}
