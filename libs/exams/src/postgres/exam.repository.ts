import { Database, type Queryable } from '@app/database';
import { newId } from '@app/http';
import { Injectable } from '@nestjs/common';
import type { Exam, ExamSummary, ScaleRef } from '../exam.js';

const SUMMARY = `id, slug, title, description, kind, limit_seconds AS "limitSeconds", item_count AS "itemCount"`;

export type NewExam = Omit<Exam, 'id'> & { readonly contentHash: string };

type ExamRow = Omit<Exam, 'scale'> & { readonly scaleId: string | null; readonly scaleVersion: number };

/** Published forms. Rows are written once. */
@Injectable()
export class ExamRepository {
  constructor(private readonly database: Database) {}

  /** Current forms, by slug. */
  page(afterSlug: string | undefined, limit: number): Promise<ExamSummary[]> {
    return this.database.query<ExamSummary>(
      `SELECT ${SUMMARY} FROM exams WHERE NOT superseded AND ($1::text IS NULL OR slug > $1) ORDER BY slug LIMIT $2`,
      [afterSlug ?? null, limit],
    );
  }

  async find(id: string): Promise<Exam | undefined> {
    const [row] = await this.database.query<ExamRow>(
      `SELECT ${SUMMARY}, window_closes_at AS "windowClosesAt", sections, keys, scale_id AS "scaleId",
         scale_version AS "scaleVersion" FROM exams WHERE id = $1`,
      [id],
    );
    if (row === undefined) return undefined;
    const { scaleId, scaleVersion, ...exam } = row;
    return { ...exam, scale: scaleId === null ? null : ({ id: scaleId, version: scaleVersion } satisfies ScaleRef) };
  }

  async idOfSlug(slug: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ id: string }>('SELECT id FROM exams WHERE slug = $1 AND NOT superseded', [
      slug,
    ]);
    return row?.id;
  }

  async hashes(tx: Queryable): Promise<Map<string, string>> {
    const rows = await tx.query<{ slug: string; hash: string }>(
      'SELECT slug, content_hash AS hash FROM exams WHERE NOT superseded',
    );
    return new Map(rows.map(({ slug, hash }) => [slug, hash]));
  }

  /** Takes the place of the current form of the same slug, which attempts under way keep. */
  async publish(tx: Queryable, exam: NewExam): Promise<void> {
    await tx.query('UPDATE exams SET superseded = true WHERE slug = $1 AND NOT superseded', [exam.slug]);
    await tx.query(
      `INSERT INTO exams (id, slug, version, title, description, kind, limit_seconds, item_count, sections, keys,
         scale_id, scale_version, content_hash, window_closes_at)
       VALUES ($1, $2, (SELECT coalesce(max(version), 0) + 1 FROM exams WHERE slug = $2), $3, $4, $5, $6, $7, $8, $9,
         $10, $11, $12, $13)`,
      [
        newId(),
        exam.slug,
        exam.title,
        exam.description,
        exam.kind,
        exam.limitSeconds,
        exam.itemCount,
        JSON.stringify(exam.sections),
        JSON.stringify(exam.keys),
        exam.scale?.id ?? null,
        exam.scale?.version ?? null,
        exam.contentHash,
        exam.windowClosesAt,
      ],
    );
  }
}
