import { sectionOf, type SectionName } from '@app/questions';
import type { Answers } from '../attempt.js';
import type { Exam, ExamKey } from '../exam.js';
import type { ExamResult, SectionResult, Share } from './result.js';
import { cefrLevel, scaledScore, scoreBand, type Scale } from './scale.js';

/** Scores answers against a form's keys. Scaled only with a scale, which only full forms have. No penalty for wrong answers. */
export function score(exam: Pick<Exam, 'sections' | 'keys'>, scale: Scale | null, answers: Answers): ExamResult {
  const isCorrect = ({ number, key }: ExamKey) => answers[number] === key;
  const sections = exam.sections.map(({ name }) => sectionResult(name, exam.keys, isCorrect, scale));
  const correct = exam.keys.filter(isCorrect);
  const scaled = scale === null ? null : sections.reduce((sum, section) => sum + (section.scaled ?? 0), 0);
  return {
    parts: shares(exam.keys, ({ part }) => part, isCorrect).map(([part, share]) => ({ part, ...share })),
    abilities: shares(exam.keys, ({ ability }) => ability, isCorrect)
      .map(([ability, share]) => ({ ability, ...share }))
      .toSorted((a, b) => a.ability.localeCompare(b.ability)),
    sections,
    total: {
      raw: correct.length,
      scaled,
      band: scale === null || scaled === null ? null : scoreBand(scaled, scale.standardError.total, 2),
    },
    correctNumbers: correct.map(({ number }) => number),
    scale: scale === null ? null : { id: scale.id, version: scale.version },
  };
}

function sectionResult(
  name: SectionName,
  keys: readonly ExamKey[],
  isCorrect: (key: ExamKey) => boolean,
  scale: Scale | null,
): SectionResult {
  const own = keys.filter(({ part }) => sectionOf(part) === name);
  const raw = own.filter(isCorrect).length;
  if (scale === null) return { name, raw, total: own.length, scaled: null, band: null, cefr: null };
  const scaled = scaledScore(scale, name, raw);
  return {
    name,
    raw,
    total: own.length,
    scaled,
    band: scoreBand(scaled, scale.standardError.section, 1),
    cefr: cefrLevel(scale, name, scaled),
  };
}

function shares<Group>(
  keys: readonly ExamKey[],
  groupOf: (key: ExamKey) => Group,
  isCorrect: (key: ExamKey) => boolean,
): [Group, Share][] {
  return [...Map.groupBy(keys, groupOf)].map(([group, members]) => [
    group,
    { correct: members.filter(isCorrect).length, total: members.length },
  ]);
}
