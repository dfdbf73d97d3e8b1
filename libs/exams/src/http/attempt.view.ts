import { idSchema, pageOf, PROBLEM_EXAMPLE, problemSchema, timeSchema } from '@app/http';
import { CHOICES } from '@app/questions';
import { z } from 'zod';

const numberSchema = z.int().min(1).max(1000).describe('Number of the item in the exam.');

const ATTEMPT_EXAMPLE = {
  id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80',
  examId: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81',
  status: 'in_progress',
  startedAt: '2026-11-22T09:30:00.000Z',
  deadlineAt: '2026-11-22T10:00:00.000Z',
  serverTime: '2026-11-22T09:41:07.000Z',
  finishedAt: null,
  revision: 2,
  listeningPositionMs: 0,
  answers: [{ number: 1, choice: 'C' }],
};

export const attemptView = z
  .object({
    id: idSchema,
    examId: idSchema,
    status: z.enum(['in_progress', 'submitted', 'expired']),
    startedAt: timeSchema,
    deadlineAt: timeSchema,
    serverTime: timeSchema.describe('The clock to show time left by.'),
    finishedAt: timeSchema.nullable(),
    revision: z.int().describe('Raised by every save.'),
    listeningPositionMs: z.int(),
    answers: z.array(z.object({ number: numberSchema, choice: z.enum(CHOICES) })),
  })
  .meta({
    id: 'Attempt',
    example: ATTEMPT_EXAMPLE,
  });

export const attemptListView = pageOf('AttemptList', attemptView);

const MAX_ANSWERS = 200;

export const saveSchema = z
  .strictObject({
    requestId: z
      .string()
      .min(1)
      .max(64)
      .describe('Made by the client, new for every save; sending it again changes nothing.'),
    revision: z.int().min(0).max(2_147_483_647).describe('The last revision the client saw.'),
    answers: z
      .array(
        z.strictObject({
          number: numberSchema,
          choice: z.enum(CHOICES).nullable().describe('Null takes an answer back.'),
          elapsedMs: z.int().min(0).max(86_400_000).optional().describe('Milliseconds spent on the item in all.'),
        }),
      )
      .max(MAX_ANSWERS),
    listeningPositionMs: z.int().min(0).max(86_400_000).optional().describe('Where the recording is.'),
  })
  .meta({
    id: 'SaveBody',
    example: { requestId: 'device-1-save-7', revision: 6, answers: [{ number: 3, choice: 'B' }] },
  });
export type SaveBody = z.output<typeof saveSchema>;

export const submitSchema = saveSchema.optional();

export const receiptView = z
  .object({ revision: z.int(), savedAt: timeSchema, serverTime: timeSchema, deadlineAt: timeSchema })
  .meta({
    id: 'SaveReceipt',
    example: {
      revision: 7,
      savedAt: '2026-11-22T09:41:07.000Z',
      serverTime: '2026-11-22T09:41:07.012Z',
      deadlineAt: '2026-11-22T10:00:00.000Z',
    },
  });

export const saveRefusedView = problemSchema
  .extend({ current: attemptView.describe('What the server holds.') })
  .meta({ id: 'SaveRefused', example: { ...PROBLEM_EXAMPLE, current: ATTEMPT_EXAMPLE } });
