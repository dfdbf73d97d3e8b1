import type { Queryable } from '@app/database';
import { newId } from '@app/http';
import type { QuestionSet, SetDraft } from '../question.js';
import type { Part } from '../parts.js';

const COLUMNS = `id, slug, part, passages, audio_url AS "audioUrl", graphic_url AS "graphicUrl",
  graphic_alt AS "graphicAlt", transcript`;

/** Statements on sets, inside the transaction of whoever changes the bank. */
export const questionSets = {
  async insert(
    tx: Queryable,
    draft: SetDraft,
    source?: { readonly slug: string; readonly hash: string },
  ): Promise<QuestionSet> {
    const [set] = await tx.query<QuestionSet>(
      `INSERT INTO question_sets (id, slug, part, passages, audio_url, graphic_url, graphic_alt, transcript, content_hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${COLUMNS}`,
      [newId(), source?.slug ?? null, ...valuesOf(draft), source?.hash ?? null],
    );
    return set as QuestionSet;
  },

  async replace(tx: Queryable, slug: string, draft: SetDraft, hash: string): Promise<QuestionSet> {
    const [set] = await tx.query<QuestionSet>(
      `UPDATE question_sets SET part = $2, passages = $3, audio_url = $4, graphic_url = $5, graphic_alt = $6, transcript = $7,
         content_hash = $8
       WHERE slug = $1 RETURNING ${COLUMNS}`,
      [slug, ...valuesOf(draft), hash],
    );
    return set as QuestionSet;
  },

  async hashes(tx: Queryable): Promise<Map<string, string | null>> {
    const rows = await tx.query<{ slug: string; hash: string | null }>(
      'SELECT slug, content_hash AS hash FROM question_sets WHERE slug IS NOT NULL',
    );
    return new Map(rows.map(({ slug, hash }) => [slug, hash]));
  },

  /** Locks the set, so that positions are given one after the other. */
  async lock(tx: Queryable, id: string, part: Part): Promise<QuestionSet | undefined> {
    const [set] = await tx.query<QuestionSet>(
      `SELECT ${COLUMNS} FROM question_sets WHERE id = $1 AND part = $2 FOR UPDATE`,
      [id, part],
    );
    return set;
  },

  async find(database: Queryable, id: string): Promise<QuestionSet | undefined> {
    const [set] = await database.query<QuestionSet>(`SELECT ${COLUMNS} FROM question_sets WHERE id = $1`, [id]);
    return set;
  },

  bySlugs(database: Queryable, slugs: readonly string[]): Promise<QuestionSet[]> {
    return database.query<QuestionSet>(`SELECT ${COLUMNS} FROM question_sets WHERE slug = ANY ($1)`, [slugs]);
  },
};

function valuesOf({ part, passages, audioUrl, graphicUrl, graphicAlt, transcript }: SetDraft): unknown[] {
  return [
    part,
    JSON.stringify(passages),
    audioUrl,
    graphicUrl,
    graphicAlt,
    transcript === null ? null : JSON.stringify(transcript),
  ];
}
