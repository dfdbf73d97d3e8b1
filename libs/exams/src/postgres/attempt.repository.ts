import { Database, type Queryable } from '@app/database';
import { newId } from '@app/http';
import { Injectable } from '@nestjs/common';
import type { AnswerChange, Attempt, AttemptStatus, SaveReceipt, SaveRequest } from '../attempt.js';
import type { ExamResult } from '../scoring/result.js';

const COLUMNS = `id, user_id AS "userId", exam_id AS "examId", status, started_at AS "startedAt",
  deadline_at AS "deadlineAt", clock_timestamp() AS "serverTime", revision, answers, elapsed_ms AS "elapsedMs",
  listening_position_ms AS "listeningPositionMs", finished_at AS "finishedAt", result`;

export interface PastSave {
  readonly digest: string;
  readonly revision: number;
  readonly savedAt: Date;
}

@Injectable()
export class AttemptRepository {
  constructor(private readonly database: Database) {}

  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return this.database.transaction(work);
  }

  /** Starts an attempt by the database's clock. Undefined while the user has an open one, or when the window is closed. */
  async start(userId: string, examId: string): Promise<Attempt | undefined> {
    const [attempt] = await this.database.query<Attempt>(
      `INSERT INTO attempts (id, user_id, exam_id, started_at, deadline_at)
       SELECT $1, $2, e.id, now(), least(now() + e.limit_seconds * interval '1 s', e.window_closes_at)
       FROM exams e WHERE e.id = $3 AND (e.window_closes_at IS NULL OR e.window_closes_at > now())
       ON CONFLICT (user_id, exam_id) WHERE status = 'in_progress' DO NOTHING
       RETURNING ${COLUMNS}`,
      [newId(), userId, examId],
    );
    return attempt;
  }

  async findOpen(userId: string, examId: string): Promise<Attempt | undefined> {
    const [attempt] = await this.database.query<Attempt>(
      `SELECT ${COLUMNS} FROM attempts WHERE user_id = $1 AND exam_id = $2 AND status = 'in_progress'`,
      [userId, examId],
    );
    return attempt;
  }

  async find(userId: string, id: string): Promise<Attempt | undefined> {
    const [attempt] = await this.database.query<Attempt>(
      `SELECT ${COLUMNS} FROM attempts WHERE id = $1 AND user_id = $2`,
      [id, userId],
    );
    return attempt;
  }

  /** Newest first, before `beforeId`. */
  page(userId: string, beforeId: string | undefined, limit: number): Promise<Attempt[]> {
    return this.database.query<Attempt>(
      `SELECT ${COLUMNS} FROM attempts WHERE user_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [userId, beforeId ?? null, limit],
    );
  }

  /** Over, newest first. */
  finished(userId: string, limit: number): Promise<Attempt[]> {
    return this.database.query<Attempt>(
      `SELECT ${COLUMNS} FROM attempts WHERE user_id = $1 AND status <> 'in_progress' ORDER BY id DESC LIMIT $2`,
      [userId, limit],
    );
  }

  /**
   * Stores answers in one statement: only while the attempt is open and within its time, only over the revision the
   * client saw, and only once for each request id. Undefined when any of these does not hold; nothing has changed then.
   */
  async save(
    userId: string,
    attemptId: string,
    request: SaveRequest,
    digest: string,
    graceMs: number,
  ): Promise<SaveReceipt | undefined> {
    const [receipt] = await this.database.query<SaveReceipt>(
      `WITH saved AS (
         UPDATE attempts SET answers = jsonb_strip_nulls(answers || $5::jsonb), elapsed_ms = elapsed_ms || $6::jsonb,
           listening_position_ms = coalesce($7, listening_position_ms), revision = revision + 1
         WHERE id = $1 AND user_id = $2 AND revision = $3 AND status = 'in_progress'
           AND clock_timestamp() <= deadline_at + $9 * interval '1 ms'
           AND NOT EXISTS (SELECT FROM attempt_saves WHERE attempt_id = $1 AND request_id = $4)
         RETURNING revision, deadline_at
       ), noted AS (
         INSERT INTO attempt_saves (attempt_id, request_id, digest, revision, saved_at)
         SELECT $1, $4, $8, revision, clock_timestamp() FROM saved RETURNING saved_at
       )
       SELECT saved.revision, noted.saved_at AS "savedAt", noted.saved_at AS "serverTime", saved.deadline_at AS "deadlineAt"
       FROM saved, noted`,
      [
        attemptId,
        userId,
        request.revision,
        request.requestId,
        JSON.stringify(choicesOf(request.answers)),
        JSON.stringify(elapsedOf(request.answers)),
        request.listeningPositionMs ?? null,
        digest,
        graceMs,
      ],
    );
    return receipt;
  }

  async pastSave(attemptId: string, requestId: string): Promise<PastSave | undefined> {
    const [save] = await this.database.query<PastSave>(
      'SELECT digest, revision, saved_at AS "savedAt" FROM attempt_saves WHERE attempt_id = $1 AND request_id = $2',
      [attemptId, requestId],
    );
    return save;
  }

  /** The attempt, held until the transaction ends. */
  async lock(tx: Queryable, id: string): Promise<Attempt | undefined> {
    const [attempt] = await tx.query<Attempt>(`SELECT ${COLUMNS} FROM attempts WHERE id = $1 FOR UPDATE`, [id]);
    return attempt;
  }

  /** Ends an attempt that is open; the finish of an expired one is its deadline. */
  async finish(
    tx: Queryable,
    id: string,
    status: Exclude<AttemptStatus, 'in_progress'>,
    result: ExamResult,
  ): Promise<Attempt> {
    const [attempt] = await tx.query<Attempt>(
      `UPDATE attempts SET status = $2, result = $3, scale_id = $4, scale_version = $5,
         finished_at = CASE $2 WHEN 'expired' THEN deadline_at ELSE least(clock_timestamp(), deadline_at) END
       WHERE id = $1 AND status = 'in_progress' RETURNING ${COLUMNS}`,
      [id, status, JSON.stringify(result), result.scale?.id ?? null, result.scale?.version ?? null],
    );
    return attempt as Attempt;
  }

  /** Open attempts whose time and grace are over, longest overdue first. */
  due(graceMs: number, limit: number): Promise<Pick<Attempt, 'id' | 'examId'>[]> {
    return this.database.query(
      `SELECT id, exam_id AS "examId" FROM attempts WHERE status = 'in_progress' AND deadline_at < now() - $1 * interval '1 ms'
       ORDER BY deadline_at LIMIT $2`,
      [graceMs, limit],
    );
  }
}

function choicesOf(answers: readonly AnswerChange[]) {
  return Object.fromEntries(answers.map(({ number, choice }) => [number, choice]));
}

function elapsedOf(answers: readonly AnswerChange[]) {
  return Object.fromEntries(
    answers.flatMap(({ number, elapsedMs }) => (elapsedMs === undefined ? [] : [[number, elapsedMs]])),
  );
}
