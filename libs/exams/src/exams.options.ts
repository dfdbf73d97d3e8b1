export interface ExamsOptions {
  /** How long after the deadline answers sent before it over a slow network still count. */
  readonly answerGraceMs: number;
  /** Whether this process ends attempts whose time is up. */
  readonly finalise: boolean;
}

export const EXAMS_OPTIONS = Symbol('EXAMS_OPTIONS');
