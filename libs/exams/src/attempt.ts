import type { Choice } from '@app/questions';
import type { ExamResult } from './scoring/result.js';

export type AttemptStatus = 'in_progress' | 'submitted' | 'expired';

/** Choices by number; what was not answered is absent. */
export type Answers = Readonly<Record<number, Choice>>;

/** One learner's sitting of one form. All times are the database's. */
export interface Attempt {
  readonly id: string;
  readonly userId: string;
  readonly examId: string;
  readonly status: AttemptStatus;
  readonly startedAt: Date;
  readonly deadlineAt: Date;
  /** When this was read: the clock every device shows time left by. */
  readonly serverTime: Date;
  /** Raised by every save. */
  readonly revision: number;
  readonly answers: Answers;
  /** Milliseconds spent on items, as devices reported them. */
  readonly elapsedMs: Readonly<Record<number, number>>;
  /** Where the listening recording was, in milliseconds. */
  readonly listeningPositionMs: number;
  readonly finishedAt: Date | null;
  /** Present once the attempt is over. */
  readonly result: ExamResult | null;
}

export interface AnswerChange {
  readonly number: number;
  /** Null takes an answer back. */
  readonly choice: Choice | null;
  /** Milliseconds spent on the item in all. */
  readonly elapsedMs?: number | undefined;
}

export interface SaveRequest {
  /** Made by the client; sending it again changes nothing. */
  readonly requestId: string;
  /** The last revision the client saw. */
  readonly revision: number;
  readonly answers: readonly AnswerChange[];
  readonly listeningPositionMs?: number | undefined;
}

export interface SaveReceipt {
  readonly revision: number;
  readonly savedAt: Date;
  readonly serverTime: Date;
  readonly deadlineAt: Date;
}
