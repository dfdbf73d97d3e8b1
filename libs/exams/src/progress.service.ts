import { Injectable } from '@nestjs/common';
import { ExamCatalog } from './exam-catalog.js';
import { AttemptRepository } from './postgres/index.js';
import { progressOf, type Progress } from './progress.js';

/** Attempts a learner's progress looks back on. */
const LOOK_BACK = 200;

@Injectable()
export class ProgressService {
  constructor(
    private readonly attempts: AttemptRepository,
    private readonly catalog: ExamCatalog,
  ) {}

  /** Over the learner's last 200 attempts that are over. */
  async of(userId: string): Promise<Progress> {
    const finished = await this.attempts.finished(userId, LOOK_BACK);
    const examIds = [...new Set(finished.map(({ examId }) => examId))];
    const exams = await Promise.all(examIds.map((id) => this.catalog.get(id)));
    return progressOf(finished, new Map(exams.map((exam) => [exam.id, exam])));
  }
}
