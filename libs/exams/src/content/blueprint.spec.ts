import { PARTS, sectionOf, type Part } from '@app/questions';
import type { ExamKey, ExamSection } from '../exam.js';
import { blueprintViolations } from './blueprint.js';

/** Items of each set of a full form. */
const FULL: Readonly<Record<Part, readonly number[]>> = {
  1: Array<number>(6).fill(1),
  2: Array<number>(25).fill(1),
  3: Array<number>(13).fill(3),
  4: Array<number>(10).fill(3),
  5: Array<number>(30).fill(1),
  6: Array<number>(4).fill(4),
  7: [...Array<number>(8).fill(3), 2, 3, ...Array<number>(5).fill(5)],
};

/** A form with sets of these sizes, numbered from `first`. */
function formOf(sizes: Partial<Record<Part, readonly number[]>>, first = 1) {
  let next = first;
  const keys: ExamKey[] = [];
  const partOf = (part: Part) => ({
    part,
    directions: 'Read.',
    sets: (sizes[part] ?? []).map((size, index) => ({
      id: `${part}-${index}`,
      passages: [],
      audioUrl: null,
      graphicUrl: null,
      graphicAlt: null,
      items: Array.from({ length: size }, () => {
        keys.push({ number: next, part } as ExamKey);
        return { number: next++, stem: null, options: [] };
      }),
    })),
  });
  const sections = (['listening', 'reading'] as const).map((name): ExamSection => ({
    name,
    limitSeconds: 60,
    parts: PARTS.filter((part) => sizes[part] !== undefined && sectionOf(part) === name).map(partOf),
  }));
  return { sections, keys };
}

describe('blueprintViolations of a full form', () => {
  it('are none for the 200 items of the format', () => {
    const form = formOf(FULL);
    expect(form.keys).toHaveLength(200);
    expect(blueprintViolations({ kind: 'full', ...form }, {})).toEqual([]);
  });

  it.each(PARTS)('name Part %i when it lacks an item, whatever the file declares', (part) => {
    const [, ...fewer] = FULL[part];
    const form = formOf({ ...FULL, [part]: fewer });
    const has = fewer.reduce((sum, size) => sum + size, 0);
    const problems = blueprintViolations({ kind: 'full', ...form }, { [part]: has });
    expect(problems).toContainEqual(expect.stringContaining(`part ${part} has ${has} items`));
  });

  it('name sets of the wrong size though the items add up', () => {
    const form = formOf({ ...FULL, 6: [8, 8] });
    expect(blueprintViolations({ kind: 'full', ...form }, {})).toEqual(['part 6 has 2 sets, not 4']);
  });

  it('say that numbers begin at 1', () => {
    expect(blueprintViolations({ kind: 'full', ...formOf(FULL, 2) }, {})).toEqual(['a full form is numbered from 1']);
  });
});

describe('blueprintViolations of a partial form', () => {
  const form = formOf({ 5: [1, 1], 6: [4] }, 101);

  it('are none when it has what it declares', () => {
    expect(blueprintViolations({ kind: 'mini', ...form }, { 5: 2, 6: 4 })).toEqual([]);
  });

  it('name what is missing, what is too much, and what is not declared', () => {
    expect(blueprintViolations({ kind: 'mini', ...form }, { 5: 3, 7: 2 })).toEqual([
      'part 5 has 2 items, the blueprint says 3',
      'part 6 has 4 items, the blueprint says 0',
      'part 7 has 0 items, the blueprint says 2',
    ]);
  });

  it('name a part in the wrong section', () => {
    const [, reading] = form.sections;
    const moved = { ...form, sections: [{ ...reading!, name: 'listening' as const }] };
    expect(blueprintViolations({ kind: 'part', ...moved }, { 5: 2, 6: 4 })).toEqual([
      'part 5 does not belong to listening',
      'part 6 does not belong to listening',
    ]);
  });

  it('name a set listed under another part, though the counts are right', () => {
    const [, reading] = form.sections;
    const [five, six] = reading!.parts;
    const parts = [{ ...five!, sets: [...five!.sets, ...six!.sets] }];
    expect(blueprintViolations({ kind: 'part', ...form, sections: [{ ...reading!, parts }] }, { 5: 2, 6: 4 })).toEqual([
      'part 5 lists items of another part (number 103)',
    ]);
  });

  it('name a set that is used twice', () => {
    const [, reading] = form.sections;
    const parts = reading!.parts.map((part) => ({ ...part, sets: part.sets.map((set) => ({ ...set, id: 'same' })) }));
    expect(blueprintViolations({ kind: 'part', ...form, sections: [{ ...reading!, parts }] }, { 5: 2, 6: 4 })).toEqual([
      'a set is used twice',
    ]);
  });
});
