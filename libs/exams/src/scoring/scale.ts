import type { SectionName } from '@app/questions';

/** Conversion of raw to scaled scores: versioned data, since no official table exists. */
export interface Scale {
  readonly id: string;
  readonly version: number;
  /** Ascending in `raw`, from 0 to 100. */
  readonly anchors: readonly ScaleAnchor[];
  readonly standardError: { readonly section: number; readonly total: number };
  /** Best level first. */
  readonly cefr: readonly CefrMinimum[];
}

export interface ScaleAnchor {
  readonly raw: number;
  readonly listening: number;
  readonly reading: number;
}

export interface CefrMinimum {
  readonly level: string;
  readonly listening: number;
  readonly reading: number;
}

const LOWEST = 5;
const HIGHEST = 495;
const STEP = 5;

/** The scaled score of a section of 100 items: linear between anchors, a multiple of 5, from 5 to 495. */
export function scaledScore({ anchors }: Scale, section: SectionName, raw: number): number {
  const above = anchors.find((anchor) => anchor.raw >= raw);
  const below = anchors.findLast((anchor) => anchor.raw <= raw);
  if (above === undefined || below === undefined) throw new RangeError(`The scale has no anchor around ${raw}`);
  const share = above.raw === below.raw ? 0 : (raw - below.raw) / (above.raw - below.raw);
  const score = below[section] + share * (above[section] - below[section]);
  return Math.min(HIGHEST, Math.max(LOWEST, Math.round(score / STEP) * STEP));
}

/** The CEFR level a section's scaled score reaches; null below the lowest. Never from the total. */
export function cefrLevel({ cefr }: Scale, section: SectionName, scaled: number): string | null {
  return cefr.find((minimum) => scaled >= minimum[section])?.level ?? null;
}

/** One standard error to each side, inside the range of the score. */
export function scoreBand(scaled: number, standardError: number, sections: 1 | 2): { low: number; high: number } {
  return {
    low: Math.max(LOWEST * sections, scaled - standardError),
    high: Math.min(HIGHEST * sections, scaled + standardError),
  };
}
