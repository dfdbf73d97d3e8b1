import { z } from 'zod';
import { ABILITIES, CHOICES, PARTS } from '../parts.js';

const PASSAGE_KINDS = [
  'email',
  'letter',
  'memo',
  'notice',
  'advertisement',
  'article',
  'form',
  'schedule',
  'web_page',
  'chat',
  'text_messages',
  'review',
  'receipt',
  'invoice',
  'instructions',
] as const;

const text = z.string().trim().min(1);
const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const tags = z.array(slug).default([]);

const itemSchema = z.strictObject({
  stem: text.nullable().default(null),
  options: z.array(text),
  key: z.enum(CHOICES),
  ability: z.enum(ABILITIES),
  difficulty: z.int().min(1).max(5),
  tags,
  explanation: text,
  distractors: z.partialRecord(z.enum(CHOICES), text),
});

/** A file below `content/sets`: sets of items, each with a slug of its own. */
export const setFileSchema = z.strictObject({
  sets: z.array(
    z.strictObject({
      slug,
      part: z.literal(PARTS),
      tags,
      passages: z
        .array(z.strictObject({ kind: z.enum(PASSAGE_KINDS), title: text.nullable().default(null), text }))
        .max(3)
        .default([]),
      audio: text.nullable().default(null),
      graphic: text.nullable().default(null),
      graphicAlt: text.nullable().default(null),
      transcript: z
        .array(z.strictObject({ speaker: text, text, startMs: z.int().optional(), endMs: z.int().optional() }))
        .nullable()
        .default(null),
      items: z.array(itemSchema).min(1),
    }),
  ),
});

export type SetSource = z.output<typeof setFileSchema>['sets'][number];
