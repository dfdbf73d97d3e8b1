import { idSchema, isEditor, pageOf, pageQuerySchema, timeSchema, type Principal } from '@app/http';
import { z } from 'zod';
import { ABILITIES, CHOICES, choicesOf, isOnlyHeard, PARTS, type Part } from '../parts.js';
import type { Question, QuestionSet } from '../question.js';

const partSchema = z.literal(PARTS);
const tagSchema = z.string().trim().min(1).max(50);

export const passageView = z
  .object({ kind: z.string(), title: z.string().nullable(), text: z.string() })
  .meta({ id: 'Passage' });

export const optionView = z
  .object({ label: z.enum(CHOICES), text: z.string().nullable().describe('Null where options are only heard.') })
  .meta({ id: 'Option' });

export const transcriptView = z.array(
  z
    .object({
      speaker: z.string(),
      text: z.string(),
      startMs: z.int().optional().describe('From the start of the recording.'),
      endMs: z.int().optional(),
    })
    .meta({ id: 'TranscriptLine' }),
);

export const distractorsView = z
  .object({ A: z.string(), B: z.string(), C: z.string(), D: z.string() })
  .partial()
  .meta({ id: 'Distractors', description: 'Why each wrong option is wrong.' });

const shared = {
  id: idSchema,
  setId: idSchema,
  part: z.int().min(1).max(7),
  ability: z.enum(ABILITIES),
  difficulty: z.int().min(1).max(5),
  tags: z.array(z.string()),
  stem: z.string().nullable(),
  options: z.array(optionView),
  version: z.int(),
};

/** Members only editors get. */
const editorMembers = {
  key: z.enum(CHOICES),
  explanation: z.string(),
  distractors: distractorsView,
  archivedAt: timeSchema.nullable(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
};

const EXAMPLE = {
  id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80',
  setId: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81',
  part: 5,
  ability: 'R5',
  difficulty: 2,
  tags: ['verb-tense'],
  stem: 'The committee ------- the proposal before Friday.',
  options: [
    { label: 'A', text: 'approve' },
    { label: 'B', text: 'approval' },
    { label: 'C', text: 'will approve' },
    { label: 'D', text: 'approving' },
  ],
  version: 1,
};

export const questionView = z
  .object({ ...shared, ...z.object(editorMembers).partial().shape })
  .meta({ id: 'Question', description: 'Key, explanation and distractors only for editors.', example: EXAMPLE });

export const questionWithSetView = questionView
  .extend({
    set: z.object({
      id: idSchema,
      passages: z.array(passageView),
      audioUrl: z.string().nullable(),
      graphicUrl: z.string().nullable(),
      graphicAlt: z.string().nullable(),
      transcript: transcriptView.nullable().optional(),
    }),
  })
  .meta({
    id: 'QuestionWithSet',
    example: {
      ...EXAMPLE,
      set: {
        id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81',
        passages: [],
        audioUrl: null,
        graphicUrl: null,
        graphicAlt: null,
      },
    },
  });

export const questionListView = pageOf('QuestionList', questionView);

export const questionQuerySchema = z.strictObject({
  ...pageQuerySchema.shape,
  part: z.coerce.number().int().min(1).max(7).pipe(partSchema).optional().describe('Part, 1 to 7.'),
  ability: z.enum(ABILITIES).optional().describe('L1-L5 in listening, R1-R5 in reading.'),
  difficulty: z.coerce.number().int().min(1).max(5).optional().describe('1 easy to 5 hard.'),
  tag: tagSchema.optional().describe('Has this tag.'),
  q: z.string().trim().min(1).max(200).optional().describe('Words in the stem, the options or the passages.'),
});
export type QuestionQuery = z.output<typeof questionQuerySchema>;

const text = (max: number) => z.string().trim().min(1).max(max);
const draftShape = {
  ability: z.enum(ABILITIES),
  difficulty: z.int().min(1).max(5),
  tags: z.array(tagSchema).max(20),
  stem: text(2000).nullable(),
  options: z.array(text(1000)).min(3).max(4),
  key: z.enum(CHOICES),
  explanation: text(5000),
  distractors: z.strictObject({ A: text(2000), B: text(2000), C: text(2000), D: text(2000) }).partial(),
};
const mediaUrl = z
  .string()
  .regex(/^\/media(\/[\w-][\w.-]*)+$/)
  .nullable();

export const newQuestionSchema = z
  .strictObject({
    part: partSchema,
    ...draftShape,
    tags: draftShape.tags.default([]),
    stem: draftShape.stem.default(null),
    setId: idSchema.optional().describe('Add to this set instead of making a new one.'),
    passages: z
      .array(z.strictObject({ kind: text(50), title: text(200).nullable(), text: text(20_000) }))
      .max(3)
      .default([]),
    audioUrl: mediaUrl.default(null),
    graphicUrl: mediaUrl.default(null),
    graphicAlt: text(1000).nullable().default(null).describe('What the graphic shows, without an answer.'),
    transcript: z
      .array(z.strictObject({ speaker: text(100), text: text(5000) }))
      .nullable()
      .default(null),
  })
  .meta({
    id: 'NewQuestion',
    example: {
      part: 5,
      ability: 'R5',
      difficulty: 2,
      tags: ['verb-tense'],
      stem: 'The committee ------- the proposal before Friday.',
      options: ['approve', 'approval', 'will approve', 'approving'],
      key: 'C',
      explanation: '“Before Friday” lies ahead, so the sentence needs a future form.',
      distractors: { A: 'Does not agree with a singular subject.', B: 'A noun.', D: 'Not a finite verb.' },
    },
  });
export type NewQuestion = z.output<typeof newQuestionSchema>;

export const changeQuestionSchema = z
  .strictObject({
    ...draftShape,
    expectedVersion: z.int().min(1).describe('Refuse when somebody else changed it since.'),
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'Name at least one member to change.')
  .meta({ id: 'ChangeQuestion', example: { difficulty: 3, expectedVersion: 1 } });
export type ChangeQuestion = z.output<typeof changeQuestionSchema>;

/** An item as its reader may see it. */
export function toQuestionView(question: Question, reader: Principal): z.output<typeof questionView> {
  const editor = isEditor(reader);
  const { id, setId, part, ability, difficulty, tags, version } = question;
  const view = {
    id,
    setId,
    part,
    ability,
    difficulty,
    tags: [...tags],
    stem: part === 2 && !editor ? null : question.stem,
    options: toOptionViews(part, question.options, editor),
    version,
  };
  if (!editor) return view;
  const { key, explanation, distractors, archivedAt, createdAt, updatedAt } = question;
  return {
    ...view,
    key,
    explanation,
    distractors: distractors,
    archivedAt: archivedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** The options with their labels; without text where they are only heard. */
export function toOptionViews(
  part: Part,
  options: readonly string[],
  revealed: boolean,
): z.output<typeof optionView>[] {
  return choicesOf(part).map((label, index) => ({
    label,
    text: isOnlyHeard(part) && !revealed ? null : (options[index] ?? null),
  }));
}

export function toSetView(
  { id, passages, audioUrl, graphicUrl, graphicAlt, transcript }: QuestionSet,
  reader: Principal,
) {
  const view = { id, passages: passages.map((passage) => ({ ...passage })), audioUrl, graphicUrl, graphicAlt };
  return isEditor(reader) ? { ...view, transcript: transcript?.map((line) => ({ ...line })) ?? null } : view;
}
