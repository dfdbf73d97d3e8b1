import type { Queryable } from '@app/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Attempt } from './attempt.js';
import type { Exam } from './exam.js';
import { ExamCatalog } from './exam-catalog.js';
import { EXAMS_OPTIONS, type ExamsOptions } from './exams.options.js';
import { AttemptRepository } from './postgres/index.js';
import type { Scale } from './scoring/scale.js';
import { score } from './scoring/score.js';

interface ScoringBasis {
  readonly exam: Exam;
  readonly scale: Scale | null;
}

/** Ends attempts: state, verdicts and scores in one transaction, once. */
@Injectable()
export class AttemptScorer {
  constructor(
    private readonly attempts: AttemptRepository,
    private readonly catalog: ExamCatalog,
    @Inject(EXAMS_OPTIONS) private readonly options: Pick<ExamsOptions, 'answerGraceMs'>,
  ) {}

  /** True once neither answers nor a submission are taken any more. */
  isOverdue({ status, deadlineAt, serverTime }: Attempt): boolean {
    return status === 'in_progress' && serverTime.getTime() > deadlineAt.getTime() + this.options.answerGraceMs;
  }

  /** What scoring an exam needs; read before the transaction, which may not wait for a second connection. */
  async basisOf(examId: string): Promise<ScoringBasis> {
    const exam = await this.catalog.get(examId);
    return { exam, scale: await this.catalog.scaleOf(exam) };
  }

  /** Ends the locked attempt if it is open: as expired when its time is over, as submitted otherwise. */
  async end(tx: Queryable, attempt: Attempt, { exam, scale }: ScoringBasis): Promise<Attempt> {
    if (attempt.status !== 'in_progress') return attempt;
    const result = score(exam, scale, attempt.answers);
    return this.attempts.finish(tx, attempt.id, this.isOverdue(attempt) ? 'expired' : 'submitted', result);
  }
}
