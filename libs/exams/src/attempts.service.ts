import { createHash } from 'node:crypto';
import { decodeCursor, encodeCursor, toPage, type Page } from '@app/http';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { answerViolations } from './answer-rules.js';
import { AttemptEvents } from './attempt-events.js';
import { AttemptScorer } from './attempt-scorer.js';
import type { Attempt, SaveReceipt, SaveRequest } from './attempt.js';
import { ExamCatalog } from './exam-catalog.js';
import {
  AttemptInProgressError,
  AttemptNotFoundError,
  AttemptOverError,
  DeadlinePassedError,
  ExamClosedError,
  InvalidAnswersError,
  RequestIdReusedError,
  StaleRevisionError,
} from './exams.errors.js';
import { EXAMS_OPTIONS, type ExamsOptions } from './exams.options.js';
import { AttemptRepository } from './postgres/index.js';
import { toAttemptState } from './attempt-state.js';

const cursorSchema = z.uuid();

/** Between not starting and looking for the open attempt, another device may have ended it: look again. */
const START_TURNS = 3;

/** Starting, saving, submitting and reading a learner's own attempts. */
@Injectable()
export class AttemptsService {
  constructor(
    private readonly attempts: AttemptRepository,
    private readonly catalog: ExamCatalog,
    private readonly scorer: AttemptScorer,
    private readonly events: AttemptEvents,
    @Inject(EXAMS_OPTIONS) private readonly options: Pick<ExamsOptions, 'answerGraceMs'>,
  ) {}

  /**
   * Starts an attempt, or gives the one that is open.
   *
   * @throws {ExamNotFoundError}
   * @throws {ExamClosedError}
   */
  async start(userId: string, examId: string): Promise<{ attempt: Attempt; started: boolean }> {
    const exam = await this.catalog.resolve(examId);
    for (let turn = 0; turn < START_TURNS; turn += 1) {
      const started = await this.attempts.start(userId, exam.id);
      if (started !== undefined) return { attempt: started, started: true };
      const open = await this.attempts.findOpen(userId, exam.id);
      if (open !== undefined && !this.scorer.isOverdue(open)) return { attempt: open, started: false };
      if (open !== undefined) await this.end(open);
    }
    throw new ExamClosedError();
  }

  /**
   * The attempt as it is now; one whose time is over has been ended.
   *
   * @throws {AttemptNotFoundError}
   */
  async get(userId: string, id: string): Promise<Attempt> {
    const attempt = await this.attempts.find(userId, id);
    if (attempt === undefined) throw new AttemptNotFoundError();
    return this.scorer.isOverdue(attempt) ? this.end(attempt) : attempt;
  }

  /** @throws {AttemptInProgressError} until the attempt is over */
  async getFinished(userId: string, id: string): Promise<Attempt> {
    const attempt = await this.get(userId, id);
    if (attempt.status === 'in_progress') throw new AttemptInProgressError();
    return attempt;
  }

  /** Newest first. */
  async page(userId: string, limit: number, cursor: string | undefined): Promise<Page<Attempt>> {
    const before = cursor === undefined ? undefined : decodeCursor(cursor, cursorSchema);
    const rows = await this.attempts.page(userId, before, limit + 1);
    return toPage(
      rows,
      limit,
      (row) => row,
      ({ id }) => encodeCursor(id),
    );
  }

  /**
   * Stores answers. The reply acknowledges what the database has; the same request again gives the same one.
   *
   * @throws {InvalidAnswersError} when an answer does not fit the exam
   * @throws {StaleRevisionError} when another device saved in the meantime
   * @throws {DeadlinePassedError}
   * @throws {AttemptOverError}
   */
  async save(userId: string, id: string, request: SaveRequest): Promise<SaveReceipt> {
    const attempt = await this.attempts.find(userId, id);
    if (attempt === undefined) throw new AttemptNotFoundError();
    const violations = answerViolations(await this.catalog.get(attempt.examId), request.answers);
    if (violations.length > 0) throw new InvalidAnswersError(violations);
    const digest = digestOf(request);
    const receipt = await this.attempts.save(userId, id, request, digest, this.options.answerGraceMs);
    if (receipt === undefined) return this.explainRefusal(userId, id, request, digest);
    this.events.emit({ kind: 'saved', userId, attemptId: id, receipt });
    return receipt;
  }

  /**
   * Ends the attempt, after a last save if one is given. Submitting again gives the same attempt.
   *
   * @throws everything `save` throws, for the last save
   */
  async submit(userId: string, id: string, lastSave?: SaveRequest): Promise<Attempt> {
    const attempt = await this.get(userId, id);
    if (lastSave !== undefined && !(await this.isRepeated(attempt, lastSave))) await this.save(userId, id, lastSave);
    return attempt.status === 'in_progress' ? this.end(attempt) : attempt;
  }

  /** Ends the attempt and tells those who watch, once. */
  async end({ id, examId }: Pick<Attempt, 'id' | 'examId'>): Promise<Attempt> {
    const basis = await this.scorer.basisOf(examId);
    let ended = false;
    const attempt = await this.attempts.transaction(async (tx) => {
      const locked = await this.attempts.lock(tx, id);
      if (locked === undefined) throw new AttemptNotFoundError();
      ended = locked.status === 'in_progress';
      return this.scorer.end(tx, locked, basis);
    });
    if (ended) this.events.emit({ kind: 'finalised', userId: attempt.userId, attempt });
    return attempt;
  }

  /** A submission that is sent again carries a save that was stored the first time. */
  private async isRepeated(attempt: Attempt, request: SaveRequest): Promise<boolean> {
    if (attempt.status === 'in_progress') return false;
    return (await this.attempts.pastSave(attempt.id, request.requestId))?.digest === digestOf(request);
  }

  private async explainRefusal(userId: string, id: string, request: SaveRequest, digest: string): Promise<SaveReceipt> {
    const attempt = await this.get(userId, id);
    const past = await this.attempts.pastSave(id, request.requestId);
    const state = toAttemptState(attempt);
    if (past !== undefined && past.digest !== digest) throw new RequestIdReusedError(state);
    if (past !== undefined) {
      const { serverTime, deadlineAt } = attempt;
      return { revision: past.revision, savedAt: past.savedAt, serverTime, deadlineAt };
    }
    if (attempt.status === 'submitted') throw new AttemptOverError(state);
    if (attempt.status === 'expired') throw new DeadlinePassedError(state);
    throw new StaleRevisionError(state);
  }
}

function digestOf({ answers, revision }: SaveRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([revision, answers]))
    .digest('base64url');
}
