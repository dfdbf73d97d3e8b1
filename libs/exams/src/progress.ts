import type { Attempt } from './attempt.js';
import type { ExamSummary } from './exam.js';
import type { ExamResult, Share } from './scoring/result.js';

/** What a learner has achieved so far, over attempts that are over. */
export interface Progress {
  readonly attempts: number;
  readonly parts: ExamResult['parts'];
  readonly abilities: ExamResult['abilities'];
  /** Newest first. */
  readonly history: readonly ProgressEntry[];
}

export interface ProgressEntry {
  readonly attemptId: string;
  readonly exam: Pick<ExamSummary, 'id' | 'slug' | 'title' | 'kind'>;
  readonly finishedAt: Date;
  readonly correct: number;
  readonly total: number;
  readonly scaled: number | null;
}

export function progressOf(finished: readonly Attempt[], exams: ReadonlyMap<string, ExamSummary>): Progress {
  const results = finished.flatMap(({ result }) => result ?? []);
  return {
    attempts: finished.length,
    parts: summed(
      results.flatMap(({ parts }) => parts),
      ({ part }) => part,
    ).toSorted((a, b) => a.part - b.part),
    abilities: summed(
      results.flatMap(({ abilities }) => abilities),
      ({ ability }) => ability,
    ).toSorted((a, b) => a.ability.localeCompare(b.ability)),
    history: finished.flatMap((attempt) => entryOf(attempt, exams.get(attempt.examId)) ?? []),
  };
}

function entryOf({ id, result, finishedAt }: Attempt, exam: ExamSummary | undefined): ProgressEntry | undefined {
  if (result === null || finishedAt === null || exam === undefined) return undefined;
  return {
    attemptId: id,
    exam: { id: exam.id, slug: exam.slug, title: exam.title, kind: exam.kind },
    finishedAt,
    correct: result.total.raw,
    total: result.sections.reduce((sum, { total }) => sum + total, 0),
    scaled: result.total.scaled,
  };
}

function summed<Group extends Share>(shares: readonly Group[], keyOf: (share: Group) => unknown): Group[] {
  return [...Map.groupBy(shares, keyOf).values()].map((members) =>
    Object.assign({}, members[0], {
      correct: members.reduce((sum, { correct }) => sum + correct, 0),
      total: members.reduce((sum, { total }) => sum + total, 0),
    }),
  );
}
