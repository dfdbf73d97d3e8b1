import type { Part } from '@app/questions';
import { sectionOf } from '@app/questions';
import type { ExamKey, ExamKind, ExamSection } from '../exam.js';

/** Items of each part of a full form. */
const FULL_FORM: Readonly<Record<Part, number>> = { 1: 6, 2: 25, 3: 39, 4: 30, 5: 30, 6: 16, 7: 54 };
const FULL_FORM_SETS: Readonly<Partial<Record<Part, number>>> = { 3: 13, 4: 10, 6: 4, 7: 15 };

interface AssembledForm {
  readonly kind: ExamKind;
  readonly sections: readonly ExamSection[];
  readonly keys: readonly ExamKey[];
}

/** Where a form does not have the shape it declares; a full form must have the format's own. Empty when it is sound. */
export function blueprintViolations(
  { kind, sections, keys }: AssembledForm,
  declared: Readonly<Partial<Record<string, number>>>,
): string[] {
  const problems: string[] = [];
  const counts = new Map(
    [...Map.groupBy(keys, ({ part }) => part)].map(([part, members]) => [String(part), members.length]),
  );
  const expected = kind === 'full' ? Object.fromEntries(Object.entries(FULL_FORM)) : declared;
  for (const part of new Set([...counts.keys(), ...Object.keys(expected)])) {
    const [has, wants] = [counts.get(part) ?? 0, expected[part] ?? 0];
    if (has !== wants) problems.push(`part ${part} has ${has} items, the blueprint says ${wants}`);
  }
  const partOf = new Map(keys.map(({ number, part }) => [number, part]));
  const setIds = sections.flatMap(({ parts }) => parts.flatMap(({ sets }) => sets.map(({ id }) => id)));
  if (new Set(setIds).size !== setIds.length) problems.push('a set is used twice');
  for (const { name, parts } of sections) {
    for (const { part, sets } of parts) {
      const strays = sets.flatMap(({ items }) => items).filter(({ number }) => partOf.get(number) !== part);
      if (strays.length > 0) problems.push(`part ${part} lists items of another part (number ${strays[0]?.number})`);
      if (sectionOf(part) !== name) problems.push(`part ${part} does not belong to ${name}`);
      const wanted = kind === 'full' ? FULL_FORM_SETS[part] : undefined;
      if (wanted !== undefined && sets.length !== wanted)
        problems.push(`part ${part} has ${sets.length} sets, not ${wanted}`);
    }
  }
  if (kind === 'full' && keys[0]?.number !== 1) problems.push('a full form is numbered from 1');
  return problems;
}
