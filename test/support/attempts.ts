import { randomUUID } from 'node:crypto';
import type { ApiClient } from './api-client.js';

export interface Answer {
  readonly number: number;
  readonly choice: string | null;
  readonly elapsedMs?: number;
}

/** An attempt as the API gives it. */
export interface AttemptBody {
  readonly id: string;
  readonly examId: string;
  readonly status: 'in_progress' | 'submitted' | 'expired';
  readonly startedAt: string;
  readonly deadlineAt: string;
  readonly serverTime: string;
  readonly finishedAt: string | null;
  readonly revision: number;
  readonly answers: readonly Answer[];
}

export interface SaveReply {
  readonly revision: number;
  readonly savedAt: string;
  readonly serverTime: string;
  readonly deadlineAt: string;
}

export async function startAttempt(learner: ApiClient, exam: string): Promise<AttemptBody> {
  const { body } = await learner.call('post', `exams/${exam}/attempts`).expect(201);
  return body as AttemptBody;
}

/** A body for saving answers, with a request id of its own. */
export function saveOf(revision: number, answers: readonly Answer[]) {
  return { requestId: randomUUID(), revision, answers };
}

export async function saveAnswers(
  learner: ApiClient,
  attempt: Pick<AttemptBody, 'id'>,
  revision: number,
  answers: readonly Answer[],
): Promise<SaveReply> {
  const { body } = await learner.call('put', `attempts/${attempt.id}/answers`, saveOf(revision, answers)).expect(200);
  return body as SaveReply;
}

/** Starts an attempt, answers and submits it. */
export async function takeExam(learner: ApiClient, exam: string, answers: readonly Answer[]): Promise<AttemptBody> {
  const attempt = await startAttempt(learner, exam);
  const { body } = await learner.call('post', `attempts/${attempt.id}/submit`, saveOf(0, answers)).expect(200);
  return body as AttemptBody;
}
