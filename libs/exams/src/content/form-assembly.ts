import { choicesOf, isOnlyHeard, type Question, type QuestionSet } from '@app/questions';
import type { ExamItem, ExamKey, ExamPart, ExamSection, ExamSet } from '../exam.js';
import type { FormSource } from './form-file.schema.js';

export type BankSets = ReadonlyMap<string, { readonly set: QuestionSet; readonly questions: readonly Question[] }>;

/** A form as it is stored: what candidates see, and what they do not. */
export interface AssembledSections {
  readonly sections: readonly ExamSection[];
  readonly keys: readonly ExamKey[];
}

/** A numbered blank in the text of a candidate: `-------(131)`. */
const blank = (number: number) => `-------(${number})`;

/** Takes the items from the bank as they are now, numbers them, and separates what candidates see from the keys. */
export function assembleForm({ firstNumber, sections }: FormSource, bank: BankSets): AssembledSections {
  const keys: ExamKey[] = [];
  let next = firstNumber;
  const assembleSet = (slug: string): ExamSet => {
    const { set, questions } = bank.get(slug) as NonNullable<ReturnType<BankSets['get']>>;
    const numbered = questions.map((question) => ({ question, number: next++ }));
    keys.push(...numbered.map(({ question, number }) => keyOf(question, number, set)));
    const blanks = numbered.map(({ number }) => number);
    return {
      id: set.id,
      passages: set.passages.map((passage) => ({ ...passage, text: withBlanks(passage.text, blanks) })),
      audioUrl: set.audioUrl,
      graphicUrl: set.graphicUrl,
      graphicAlt: set.graphicAlt,
      items: numbered.map(({ question, number }) => itemOf(question, number)),
    };
  };
  return {
    sections: sections.map(({ name, limitSeconds, parts }) => ({
      name,
      limitSeconds,
      parts: parts.map(({ part, directions, sets }): ExamPart => ({ part, directions, sets: sets.map(assembleSet) })),
    })),
    keys,
  };
}

/** `{{2}}` stands for the blank of the set's second item. */
function withBlanks(text: string, numbers: readonly number[]): string {
  return text.replaceAll(/\{\{(\d+)\}\}/g, (mark, position: string) => {
    const number = numbers[Number(position) - 1];
    return number === undefined ? mark : blank(number);
  });
}

function itemOf({ part, stem, options }: Question, number: number): ExamItem {
  return {
    number,
    stem: part === 2 ? null : stem,
    options: choicesOf(part).map((label, index) => ({
      label,
      text: isOnlyHeard(part) ? null : (options[index] ?? null),
    })),
  };
}

function keyOf(question: Question, number: number, { transcript }: QuestionSet): ExamKey {
  const { id, version, part, ability, key, stem, options, explanation, distractors } = question;
  return {
    number,
    itemId: id,
    itemVersion: version,
    part,
    ability,
    key,
    stem,
    options,
    explanation,
    distractors,
    transcript,
  };
}
