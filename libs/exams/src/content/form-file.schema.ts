import { PARTS } from '@app/questions';
import { z } from 'zod';

const text = z.string().trim().min(1);
const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

/** A file below `content/forms`: which sets, in which order, with which directions and limits. */
export const formFileSchema = z.strictObject({
  slug,
  title: text,
  description: text,
  kind: z.enum(['full', 'mini', 'part']),
  firstNumber: z.int().min(1).default(1),
  /** Items each part must have; a full form's counts are fixed by the format. */
  blueprint: z.partialRecord(z.enum(PARTS.map(String)), z.int().min(1)),
  sections: z
    .array(
      z.strictObject({
        name: z.enum(['listening', 'reading']),
        limitSeconds: z.int().min(1),
        parts: z.array(z.strictObject({ part: z.literal(PARTS), directions: text, sets: z.array(slug).min(1) })).min(1),
      }),
    )
    .min(1),
});
export type FormSource = z.output<typeof formFileSchema>;

/** A file below `content/scales`. */
export const scaleFileSchema = z.strictObject({
  id: slug,
  version: z.int().min(1),
  description: text,
  anchors: z.array(z.strictObject({ raw: z.int().min(0).max(100), listening: z.int(), reading: z.int() })).min(2),
  standardError: z.strictObject({ section: z.number().positive(), total: z.number().positive() }),
  cefr: z.array(z.strictObject({ level: text, listening: z.int(), reading: z.int() })),
});
