import { Database, type Queryable } from '@app/database';
import { newId } from '@app/http';
import { Injectable } from '@nestjs/common';
import type { Ability, Part } from '../parts.js';
import type { Question, QuestionDraft, QuestionSet, QuestionWithSet } from '../question.js';
import { searchTextOf } from '../search-text.js';
import { questionSets } from './question-set.repository.js';

const COLUMNS = `id, set_id AS "setId", position, part, ability, difficulty, tags, stem, options, key, explanation,
  distractors, version, archived_at AS "archivedAt", created_at AS "createdAt", updated_at AS "updatedAt"`;

export interface QuestionFilter {
  readonly part?: Part | undefined;
  readonly ability?: Ability | undefined;
  readonly difficulty?: number | undefined;
  readonly tag?: string | undefined;
  /** Words, as people type them into a search box. */
  readonly text?: string | undefined;
  readonly includeArchived?: boolean | undefined;
}

export interface NewQuestionSource {
  readonly createdBy: string | null;
  readonly idempotencyKey: string | null;
}

@Injectable()
export class QuestionRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first, after `afterId`. */
  page(filter: QuestionFilter, afterId: string | undefined, limit: number): Promise<Question[]> {
    const parameters: unknown[] = [];
    const conditions: string[] = [];
    const where = (condition: (parameter: string) => string, value: unknown) => {
      if (value === undefined) return;
      parameters.push(value);
      conditions.push(condition(`$${parameters.length}`));
    };
    if (filter.includeArchived !== true) conditions.push('archived_at IS NULL');
    where((value) => `part = ${value}`, filter.part);
    where((value) => `ability = ${value}`, filter.ability);
    where((value) => `difficulty = ${value}`, filter.difficulty);
    where((value) => `tags @> ARRAY[${value}]::text[]`, filter.tag);
    where((value) => `search @@ websearch_to_tsquery('english', ${value})`, filter.text);
    where((value) => `id > ${value}`, afterId);
    parameters.push(limit);
    return this.database.query<Question>(
      `SELECT ${COLUMNS} FROM questions ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
       ORDER BY id LIMIT $${parameters.length}`,
      parameters,
    );
  }

  async find(id: string): Promise<QuestionWithSet | undefined> {
    const [question] = await this.database.query<Question>(`SELECT ${COLUMNS} FROM questions WHERE id = $1`, [id]);
    if (question === undefined) return undefined;
    const set = await questionSets.find(this.database, question.setId);
    return { ...question, set: set as QuestionSet };
  }

  async findByIdempotencyKey(createdBy: string, key: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ id: string }>(
      'SELECT id FROM questions WHERE created_by = $1 AND idempotency_key = $2',
      [createdBy, key],
    );
    return row?.id;
  }

  async insert(
    tx: Queryable,
    set: QuestionSet,
    draft: QuestionDraft,
    source: NewQuestionSource,
    position?: number,
  ): Promise<string> {
    const id = newId();
    await tx.query(
      `INSERT INTO questions (id, set_id, part, position, ability, difficulty, tags, stem, options, key, explanation,
         distractors, search_text, created_by, idempotency_key)
       VALUES ($1, $2, $3, coalesce($4, (SELECT coalesce(max(position), 0) + 1 FROM questions WHERE set_id = $2)),
         $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [id, set.id, set.part, position ?? null, ...valuesOf(set, draft), source.createdBy, source.idempotencyKey],
    );
    return id;
  }

  /**
   * Keeps what it replaces. What is archived stays so, unless content (`replacedBy` null) has it again.
   * Undefined when somebody else changed it in the meantime.
   */
  async replace(
    tx: Queryable,
    question: Question,
    set: QuestionSet,
    draft: QuestionDraft,
    replacedBy: string | null,
  ): Promise<Question | undefined> {
    const [updated] = await tx.query<Question>(
      `UPDATE questions SET ability = $3, difficulty = $4, tags = $5, stem = $6, options = $7, key = $8,
         explanation = $9, distractors = $10, search_text = $11, part = $12, version = version + 1, updated_at = now(),
         archived_at = CASE WHEN $13::uuid IS NULL THEN NULL ELSE archived_at END
       WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
      [question.id, question.version, ...valuesOf(set, draft), set.part, replacedBy],
    );
    if (updated === undefined) return undefined;
    await tx.query(
      'INSERT INTO question_versions (question_id, version, question, replaced_by) VALUES ($1, $2, $3, $4)',
      [question.id, question.version, JSON.stringify(question), replacedBy],
    );
    return updated;
  }

  /** False when there is no such question, or it is archived already. */
  async archive(tx: Queryable, id: string): Promise<boolean> {
    const rows = await tx.query(
      'UPDATE questions SET archived_at = now(), updated_at = now() WHERE id = $1 AND archived_at IS NULL RETURNING id',
      [id],
    );
    return rows.length > 0;
  }

  /** Archives the items of a set that its source no longer has. */
  async archiveBeyond(tx: Queryable, setId: string, lastPosition: number): Promise<void> {
    await tx.query(
      'UPDATE questions SET archived_at = now() WHERE set_id = $1 AND position > $2 AND created_by IS NULL AND archived_at IS NULL',
      [setId, lastPosition],
    );
  }

  /** The items of a set by their place, archived ones too. */
  async byPosition(tx: Queryable, setId: string): Promise<Map<number, Question>> {
    const rows = await tx.query<Question>(`SELECT ${COLUMNS} FROM questions WHERE set_id = $1`, [setId]);
    return new Map(rows.map((question) => [question.position, question]));
  }

  /** The live items of sets, in order. */
  ofSets(queryable: Queryable, setIds: readonly string[]): Promise<Question[]> {
    return queryable.query<Question>(
      `SELECT ${COLUMNS} FROM questions WHERE set_id = ANY ($1::uuid[]) AND archived_at IS NULL ORDER BY set_id, position`,
      [setIds],
    );
  }
}

function valuesOf(set: QuestionSet, draft: QuestionDraft): unknown[] {
  return [
    draft.ability,
    draft.difficulty,
    draft.tags,
    draft.stem,
    draft.options,
    draft.key,
    draft.explanation,
    JSON.stringify(draft.distractors),
    searchTextOf(set.part, draft, set.passages),
  ];
}
