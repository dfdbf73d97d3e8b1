import type { Ability, Choice, Part } from './parts.js';

/** A text that a set's items are about. */
export interface Passage {
  /** E.g. `email`, `notice`, `chat`. */
  readonly kind: string;
  readonly title: string | null;
  readonly text: string;
}

/** What a listener hears, line by line. */
export interface TranscriptLine {
  readonly speaker: string;
  readonly text: string;
  /** When it is spoken, from the start of the set's recording; absent without one. */
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
}

/** What a group of items shares. */
export interface QuestionSet {
  readonly id: string;
  readonly slug: string | null;
  readonly part: Part;
  readonly passages: readonly Passage[];
  readonly audioUrl: string | null;
  readonly graphicUrl: string | null;
  /** Says what the graphic shows without giving an answer away. */
  readonly graphicAlt: string | null;
  readonly transcript: readonly TranscriptLine[] | null;
}

/** One item of the bank, with its key. */
export interface Question {
  readonly id: string;
  readonly setId: string;
  /** Place in the set, from 1. */
  readonly position: number;
  readonly part: Part;
  readonly ability: Ability;
  /** 1 easy to 5 hard. */
  readonly difficulty: number;
  readonly tags: readonly string[];
  readonly stem: string | null;
  readonly options: readonly string[];
  readonly key: Choice;
  readonly explanation: string;
  /** Why each wrong option is wrong. */
  readonly distractors: Readonly<{ [choice in Choice]?: string | undefined }>;
  /** Raised by every change. */
  readonly version: number;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface QuestionWithSet extends Question {
  readonly set: QuestionSet;
}

/** The members of an item that its author decides. */
export type QuestionDraft = Pick<
  Question,
  'ability' | 'difficulty' | 'tags' | 'stem' | 'options' | 'key' | 'explanation' | 'distractors'
>;

export type SetDraft = Pick<QuestionSet, 'part' | 'passages' | 'audioUrl' | 'graphicUrl' | 'graphicAlt' | 'transcript'>;

/** The members to change; what is undefined stays as it is. */
export type QuestionChanges = { readonly [Member in keyof QuestionDraft]?: QuestionDraft[Member] | undefined };
