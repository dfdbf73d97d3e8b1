import type { Choice } from '@app/questions';
import type { Attempt, AttemptStatus } from './attempt.js';

/** An attempt as clients see it: what a device needs to go on where another stopped. */
export interface AttemptState {
  readonly id: string;
  readonly examId: string;
  readonly status: AttemptStatus;
  readonly startedAt: string;
  readonly deadlineAt: string;
  readonly serverTime: string;
  readonly finishedAt: string | null;
  readonly revision: number;
  readonly listeningPositionMs: number;
  readonly answers: { readonly number: number; readonly choice: Choice }[];
}

export function toAttemptState(attempt: Attempt): AttemptState {
  return {
    id: attempt.id,
    examId: attempt.examId,
    status: attempt.status,
    startedAt: attempt.startedAt.toISOString(),
    deadlineAt: attempt.deadlineAt.toISOString(),
    serverTime: attempt.serverTime.toISOString(),
    finishedAt: attempt.finishedAt?.toISOString() ?? null,
    revision: attempt.revision,
    listeningPositionMs: attempt.listeningPositionMs,
    answers: Object.entries(attempt.answers).map(([number, choice]) => ({ number: Number(number), choice })),
  };
}
