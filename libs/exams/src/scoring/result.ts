import type { Ability, Part, SectionName } from '@app/questions';
import type { ScaleRef } from '../exam.js';

export interface Share {
  readonly correct: number;
  readonly total: number;
}

export interface ScoreBand {
  readonly low: number;
  readonly high: number;
}

export interface SectionResult {
  readonly name: SectionName;
  readonly raw: number;
  readonly total: number;
  /** 5 to 495; null for a form that is not full. */
  readonly scaled: number | null;
  readonly band: ScoreBand | null;
  readonly cefr: string | null;
}

/** A scored attempt, as it was computed when the attempt ended. */
export interface ExamResult {
  readonly parts: readonly (Share & { readonly part: Part })[];
  readonly abilities: readonly (Share & { readonly ability: Ability })[];
  readonly sections: readonly SectionResult[];
  readonly total: { readonly raw: number; readonly scaled: number | null; readonly band: ScoreBand | null };
  /** Numbers answered correctly: the verdict of each answer, kept with the attempt. */
  readonly correctNumbers: readonly number[];
  readonly scale: ScaleRef | null;
}
