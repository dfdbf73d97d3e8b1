import { ABILITIES, CHOICES, PARTS, choicesOf, sectionOf, type Choice, type Part } from '@app/questions';
import fc from 'fast-check';
import type { Answers } from '../attempt.js';
import type { ExamKey, ExamSection } from '../exam.js';
import type { Scale } from './scale.js';
import { score } from './score.js';

const ITEMS: Readonly<Record<Part, number>> = { 1: 6, 2: 25, 3: 39, 4: 30, 5: 30, 6: 16, 7: 54 };
const SCALE: Scale = {
  id: 'straight',
  version: 4,
  anchors: [
    { raw: 0, listening: 5, reading: 5 },
    { raw: 100, listening: 495, reading: 495 },
  ],
  standardError: { section: 25, total: 35 },
  cefr: [{ level: 'B1', listening: 275, reading: 275 }],
};

function keyOf(number: number, part: Part): ExamKey {
  const choices = choicesOf(part);
  const abilities = ABILITIES.filter((ability) => ability.startsWith(sectionOf(part) === 'listening' ? 'L' : 'R'));
  return {
    number,
    itemId: `item-${number}`,
    itemVersion: 1,
    part,
    ability: abilities[number % abilities.length]!,
    key: choices[number % choices.length]!,
    stem: null,
    options: [],
    explanation: '',
    distractors: {},
    transcript: null,
  };
}

const section = (name: ExamSection['name']): ExamSection => ({ name, limitSeconds: 1, parts: [] });
const full = {
  sections: [section('listening'), section('reading')],
  keys: PARTS.flatMap((part) => Array.from({ length: ITEMS[part] }, () => part)).map((part, index) =>
    keyOf(index + 1, part),
  ),
};
const mini = { sections: [section('reading')], keys: [keyOf(1, 5), keyOf(2, 5), keyOf(3, 7)] };

const right = (keys: readonly ExamKey[]): Answers => Object.fromEntries(keys.map(({ number, key }) => [number, key]));
const wrongFor = ({ key, part }: ExamKey): Choice => choicesOf(part).find((choice) => choice !== key)!;

const sum = (shares: readonly { correct: number; total: number }[]) => [
  shares.reduce((all, { correct }) => all + correct, 0),
  shares.reduce((all, { total }) => all + total, 0),
];

describe('score of a full form', () => {
  it('is 990 for everything right and 10 for nothing answered', () => {
    expect(score(full, SCALE, right(full.keys)).total).toEqual({
      raw: 200,
      scaled: 990,
      band: { low: 955, high: 990 },
    });
    expect(score(full, SCALE, {}).total).toEqual({ raw: 0, scaled: 10, band: { low: 10, high: 45 } });
  });

  it('scales each section by itself, with band and level', () => {
    const reading = full.keys.filter(({ part }) => part >= 5);
    expect(score(full, SCALE, right(reading)).sections).toEqual([
      { name: 'listening', raw: 0, total: 100, scaled: 5, band: { low: 5, high: 30 }, cefr: null },
      { name: 'reading', raw: 100, total: 100, scaled: 495, band: { low: 470, high: 495 }, cefr: 'B1' },
    ]);
  });

  it('says which scale it was', () => {
    expect(score(full, SCALE, {}).scale).toEqual({ id: 'straight', version: 4 });
  });

  it('counts every item once in its part and in its ability, whatever was answered', () => {
    const answers = fc.dictionary(fc.integer({ min: 1, max: 220 }).map(String), fc.constantFrom(...CHOICES));
    fc.assert(
      fc.property(answers, (given) => {
        const result = score(full, SCALE, given);
        const { raw } = result.total;
        expect(sum(result.parts)).toEqual([raw, 200]);
        expect(sum(result.abilities)).toEqual([raw, 200]);
        expect(result.correctNumbers).toHaveLength(raw);
        expect(result.total.scaled).toBe(result.sections.reduce((all, { scaled }) => all + (scaled ?? 0), 0));
      }),
    );
  });

  it('never falls when one more answer is right, and takes nothing off for a wrong one', () => {
    fc.assert(
      fc.property(fc.subarray(full.keys, { maxLength: 199 }), fc.nat(199), (known, index) => {
        const one = full.keys[index]!;
        const before = score(full, SCALE, right(known.filter((key) => key !== one))).total;
        const better = score(full, SCALE, right([...known, one])).total;
        const guessed = score(full, SCALE, {
          ...right(known.filter((key) => key !== one)),
          [one.number]: wrongFor(one),
        }).total;
        expect(better.raw).toBe(before.raw + 1);
        expect(better.scaled).toBeGreaterThanOrEqual(before.scaled!);
        expect(guessed).toEqual(before);
      }),
    );
  });
});

describe('score of a partial form', () => {
  it('is never scaled: shares of parts and abilities only', () => {
    expect(score(mini, null, { 1: mini.keys[0]!.key, 2: wrongFor(mini.keys[1]!) })).toEqual({
      parts: [
        { part: 5, correct: 1, total: 2 },
        { part: 7, correct: 0, total: 1 },
      ],
      abilities: [
        { ability: 'R2', correct: 1, total: 1 },
        { ability: 'R3', correct: 0, total: 1 },
        { ability: 'R4', correct: 0, total: 1 },
      ],
      sections: [{ name: 'reading', raw: 1, total: 3, scaled: null, band: null, cefr: null }],
      total: { raw: 1, scaled: null, band: null },
      correctNumbers: [1],
      scale: null,
    });
  });
});
