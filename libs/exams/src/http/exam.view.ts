import { idSchema, pageOf } from '@app/http';
import { optionView, passageView } from '@app/questions/http';
import { z } from 'zod';
import type { Exam } from '../exam.js';

const EXAMPLE = {
  id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80',
  slug: 'reading-mini-1',
  title: 'Reading Mini Test 1',
  description: 'A short reading test.',
  kind: 'mini',
  limitSeconds: 1800,
  itemCount: 40,
} as const;

export const examSummaryView = z
  .object({
    id: idSchema,
    slug: z.string(),
    title: z.string(),
    description: z.string(),
    kind: z.enum(['full', 'mini', 'part']),
    limitSeconds: z.int(),
    itemCount: z.int(),
  })
  .meta({ id: 'ExamSummary', example: EXAMPLE });

export const examListView = pageOf('ExamList', examSummaryView);

export const examView = examSummaryView
  .extend({
    sections: z.array(
      z.object({
        name: z.enum(['listening', 'reading']),
        limitSeconds: z.int(),
        parts: z.array(
          z.object({
            part: z.int().min(1).max(7),
            directions: z.string(),
            sets: z.array(
              z.object({
                id: idSchema,
                passages: z.array(passageView),
                audioUrl: z.string().nullable(),
                graphicUrl: z.string().nullable(),
                graphicAlt: z.string().nullable().describe('What the graphic shows, for those who cannot see it.'),
                items: z.array(
                  z.object({ number: z.int(), stem: z.string().nullable(), options: z.array(optionView) }),
                ),
              }),
            ),
          }),
        ),
      }),
    ),
  })
  .meta({
    id: 'Exam',
    example: {
      ...EXAMPLE,
      sections: [
        {
          name: 'reading',
          limitSeconds: 1800,
          parts: [
            {
              part: 5,
              directions: 'Choose the word or phrase that best completes the sentence.',
              sets: [
                {
                  id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f82',
                  passages: [],
                  audioUrl: null,
                  graphicUrl: null,
                  graphicAlt: null,
                  items: [
                    {
                      number: 101,
                      stem: 'The committee ------- the proposal before Friday.',
                      options: [
                        { label: 'A', text: 'approve' },
                        { label: 'B', text: 'approval' },
                        { label: 'C', text: 'will approve' },
                        { label: 'D', text: 'approving' },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  });

/** Everything a candidate may see; keys stay behind. */
export function toExamView({ id, slug, title, description, kind, limitSeconds, itemCount, sections }: Exam) {
  return { id, slug, title, description, kind, limitSeconds, itemCount, sections };
}

export const examRefSchema = z
  .string()
  .regex(/^[a-zA-Z0-9-]{1,100}$/, 'An id or a slug: letters, digits and hyphens.')
  .meta({ description: 'Id, or slug of the current form.', example: 'reading-mini-1' });
