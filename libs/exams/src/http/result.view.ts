import { idSchema } from '@app/http';
import { ABILITIES, CHOICES } from '@app/questions';
import { distractorsView, optionView, toOptionViews, transcriptView } from '@app/questions/http';
import { z } from 'zod';
import type { Attempt } from '../attempt.js';
import type { Exam } from '../exam.js';
import type { ExamResult } from '../scoring/result.js';

const share = { correct: z.int(), total: z.int() };
const bandView = z
  .object({ low: z.int(), high: z.int() })
  .nullable()
  .describe('One standard error to each side. An estimate.');
const scaledView = z.int().nullable().describe('Null unless the exam is a full form.');

export const examRefView = z
  .object({ id: idSchema, slug: z.string(), title: z.string(), kind: z.enum(['full', 'mini', 'part']) })
  .meta({ id: 'ExamRef' });

export const EXAM_REF_EXAMPLE = {
  id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81',
  slug: 'reading-mini-1',
  title: 'Reading Mini Test 1',
  kind: 'mini',
};
export const PART_SHARE_EXAMPLE = { part: 5, correct: 12, total: 15 };
export const ABILITY_SHARE_EXAMPLE = { ability: 'R5', correct: 9, total: 12 };

export const partShareView = z.object({ part: z.int(), ...share }).meta({ id: 'PartShare' });
export const abilityShareView = z.object({ ability: z.enum(ABILITIES), ...share }).meta({ id: 'AbilityShare' });

export const resultView = z
  .object({
    attemptId: idSchema,
    exam: examRefView,
    estimated: z.literal(true).describe('Scaled scores of practice tests are estimates.'),
    parts: z.array(partShareView),
    abilities: z.array(abilityShareView),
    sections: z.array(
      z.object({
        name: z.enum(['listening', 'reading']),
        raw: z.int(),
        total: z.int(),
        scaled: scaledView,
        band: bandView,
        cefr: z.string().nullable(),
      }),
    ),
    total: z.object({ raw: z.int(), scaled: scaledView, band: bandView }),
    scale: z.object({ id: z.string(), version: z.int() }).nullable(),
  })
  .meta({
    id: 'Result',
    example: {
      attemptId: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80',
      exam: EXAM_REF_EXAMPLE,
      estimated: true,
      parts: [PART_SHARE_EXAMPLE],
      abilities: [ABILITY_SHARE_EXAMPLE],
      sections: [{ name: 'reading', raw: 12, total: 15, scaled: null, band: null, cefr: null }],
      total: { raw: 12, scaled: null, band: null },
      scale: null,
    },
  });

export const reviewView = z
  .object({
    items: z.array(
      z.object({
        number: z.int(),
        choice: z.enum(CHOICES).nullable(),
        key: z.enum(CHOICES),
        correct: z.boolean(),
        explanation: z.string(),
        distractors: distractorsView,
        transcript: transcriptView.nullable(),
        stem: z.string().nullable(),
        options: z.array(optionView),
        ability: z.enum(ABILITIES),
        elapsedMs: z.int().nullable(),
      }),
    ),
  })
  .meta({
    id: 'Review',
    example: {
      items: [
        {
          number: 101,
          choice: 'A',
          key: 'C',
          correct: false,
          explanation: '“Before Friday” lies ahead, so the sentence needs a future form.',
          distractors: { A: 'Does not agree with a singular subject.', B: 'A noun.', D: 'Not a finite verb.' },
          transcript: null,
          stem: 'The committee ------- the proposal before Friday.',
          options: [
            { label: 'A', text: 'approve' },
            { label: 'B', text: 'approval' },
            { label: 'C', text: 'will approve' },
            { label: 'D', text: 'approving' },
          ],
          ability: 'R5',
          elapsedMs: 21500,
        },
      ],
    },
  });

function toExamRef({ id, slug, title, kind }: Pick<Exam, 'id' | 'slug' | 'title' | 'kind'>) {
  return { id, slug, title, kind };
}

export function toResultView(attempt: Attempt, result: ExamResult, exam: Exam) {
  const { parts, abilities, sections, total, scale } = result;
  return {
    attemptId: attempt.id,
    exam: toExamRef(exam),
    estimated: true as const,
    parts,
    abilities,
    sections,
    total,
    scale,
  };
}

export function toReviewView({ answers, elapsedMs }: Attempt, { correctNumbers }: ExamResult, { keys }: Exam) {
  const correct = new Set(correctNumbers);
  return {
    items: keys.map(({ number, part, key, explanation, distractors, transcript, stem, options, ability }) => ({
      number,
      choice: answers[number] ?? null,
      key,
      correct: correct.has(number),
      explanation,
      distractors,
      transcript,
      stem,
      options: toOptionViews(part, options, true),
      ability,
      elapsedMs: elapsedMs[number] ?? null,
    })),
  };
}
