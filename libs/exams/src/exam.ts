import type { Ability, Choice, Part, Passage, SectionName, TranscriptLine } from '@app/questions';

export type ExamKind = 'full' | 'mini' | 'part';

/** What a list of exams shows. */
export interface ExamSummary {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly kind: ExamKind;
  readonly limitSeconds: number;
  readonly itemCount: number;
}

/** A published form: immutable, shared by everyone who takes it. */
export interface Exam extends ExamSummary {
  readonly windowClosesAt: Date | null;
  /** What a candidate sees before the attempt is over. */
  readonly sections: readonly ExamSection[];
  /** By number; never leaves the server before the attempt is over. */
  readonly keys: readonly ExamKey[];
  readonly scale: ScaleRef | null;
}

export interface ScaleRef {
  readonly id: string;
  readonly version: number;
}

export interface ExamSection {
  readonly name: SectionName;
  readonly limitSeconds: number;
  readonly parts: readonly ExamPart[];
}

export interface ExamPart {
  readonly part: Part;
  readonly directions: string;
  readonly sets: readonly ExamSet[];
}

export interface ExamSet {
  readonly id: string;
  readonly passages: readonly Passage[];
  readonly audioUrl: string | null;
  readonly graphicUrl: string | null;
  readonly graphicAlt: string | null;
  readonly items: readonly ExamItem[];
}

export interface ExamItem {
  /** Place in the form. */
  readonly number: number;
  readonly stem: string | null;
  readonly options: readonly { readonly label: Choice; readonly text: string | null }[];
}

export interface ExamKey {
  readonly number: number;
  readonly itemId: string;
  readonly itemVersion: number;
  readonly part: Part;
  readonly ability: Ability;
  readonly key: Choice;
  readonly stem: string | null;
  readonly options: readonly string[];
  readonly explanation: string;
  readonly distractors: Readonly<{ [choice in Choice]?: string | undefined }>;
  readonly transcript: readonly TranscriptLine[] | null;
}
