import { choicesOf, sectionOf, type Part, type Question, type QuestionSet } from '@app/questions';
import { assembleForm, type BankSets } from './form-assembly.js';
import type { FormSource } from './form-file.schema.js';

function bankSet(part: Part, items: number, passage?: string): ReturnType<BankSets['get']> & object {
  const set: QuestionSet = {
    id: `set-of-part-${part}`,
    slug: `p${part}`,
    part,
    passages: passage === undefined ? [] : [{ kind: 'email', title: null, text: passage }],
    audioUrl: part <= 4 ? '/media/a.mp3' : null,
    graphicUrl: null,
    graphicAlt: null,
    transcript: part <= 4 ? [{ speaker: 'Woman', text: 'Heard transcript.' }] : null,
  };
  const questions = Array.from({ length: items }, (_, index): Question => {
    const position = index + 1;
    return {
      id: `item-${part}-${position}`,
      setId: set.id,
      position,
      part,
      ability: part <= 4 ? 'L3' : 'R2',
      difficulty: 3,
      tags: [],
      stem: `Stem ${part}.${position}`,
      options: choicesOf(part).map((label) => `Option ${part}.${position}${label}`),
      key: 'B',
      explanation: 'Because of the explanation.',
      distractors: { A: 'Because of the distractor.' },
      version: 7,
      archivedAt: null,
      createdAt: new Date(0),
      updatedAt: new Date(0),
    };
  });
  return { set, questions };
}

function formOf(parts: readonly Part[], firstNumber = 1): FormSource {
  return {
    slug: 'form',
    title: 'Form',
    description: 'A form.',
    kind: 'mini',
    firstNumber,
    blueprint: {},
    sections: (['listening', 'reading'] as const).map((name) => ({
      name,
      limitSeconds: 60,
      parts: parts
        .filter((part) => sectionOf(part) === name)
        .map((part) => ({ part, directions: 'Do it.', sets: [`p${part}`] })),
    })),
  };
}

const bank: BankSets = new Map([
  ['p1', bankSet(1, 2)],
  ['p2', bankSet(2, 2)],
  ['p3', bankSet(3, 3)],
  ['p6', bankSet(6, 2, 'Dear all, {{1}} meet {{2}} and {{3}}. Again {{1}}.')],
]);
const assembled = assembleForm(formOf([1, 2, 3, 6], 31), bank);
const itemsOf = (part: Part) =>
  assembled.sections.flatMap(({ parts }) =>
    parts.filter((each) => each.part === part).flatMap(({ sets }) => sets.flatMap(({ items }) => items)),
  );

describe('assembleForm', () => {
  it('numbers items through the form, from the number it begins with', () => {
    expect([1, 2, 3, 6].flatMap((part) => itemsOf(part as Part)).map(({ number }) => number)).toEqual([
      31, 32, 33, 34, 35, 36, 37, 38, 39,
    ]);
    expect(assembled.keys.map(({ number }) => number)).toEqual([31, 32, 33, 34, 35, 36, 37, 38, 39]);
  });

  it('keeps the options of Parts 1 and 2 from candidates, and shows their labels', () => {
    expect(itemsOf(1)[0]?.options).toEqual(['A', 'B', 'C', 'D'].map((label) => ({ label, text: null })));
    expect(itemsOf(2)[0]?.options).toEqual(['A', 'B', 'C'].map((label) => ({ label, text: null })));
  });

  it('keeps the question of Part 2 from candidates', () => {
    expect(itemsOf(2).map(({ stem }) => stem)).toEqual([null, null]);
  });

  it('shows questions and options of the other parts', () => {
    expect(itemsOf(3)[0]).toEqual({
      number: 35,
      stem: 'Stem 3.1',
      options: ['A', 'B', 'C', 'D'].map((label) => ({ label, text: `Option 3.1${label}` })),
    });
  });

  it('numbers the blanks of a text as its items, and leaves a mark that stands for none', () => {
    const [set] = assembled.sections[1]!.parts[0]!.sets;
    expect(set?.passages[0]?.text).toBe('Dear all, -------(38) meet -------(39) and {{3}}. Again -------(38).');
  });

  it('puts nothing that gives an answer away where candidates see it', () => {
    const shown = JSON.stringify(assembled.sections);
    for (const secret of [
      '"key"',
      'explanation',
      'distractor',
      'transcript',
      'Heard',
      'Option 1',
      'Option 2',
      'Stem 2',
    ]) {
      expect(shown).not.toContain(secret);
    }
  });

  it('keeps for the review what candidates do not see, and the version of each item', () => {
    expect(assembled.keys[2]).toMatchObject({
      number: 33,
      itemId: 'item-2-1',
      itemVersion: 7,
      key: 'B',
      stem: 'Stem 2.1',
      options: ['Option 2.1A', 'Option 2.1B', 'Option 2.1C'],
      transcript: [{ speaker: 'Woman', text: 'Heard transcript.' }],
    });
  });
});
