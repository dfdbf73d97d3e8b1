import type { Scale } from '../scoring/scale.js';

/** What makes a scale unusable; empty when it is sound. */
export function scaleViolations({ anchors, cefr }: Scale): string[] {
  const problems: string[] = [];
  const first = anchors[0];
  const last = anchors.at(-1);
  if (first?.raw !== 0 || last?.raw !== 100) problems.push('anchors go from raw 0 to raw 100');
  for (const section of ['listening', 'reading'] as const) {
    if (first?.[section] !== 5 || last?.[section] !== 495) problems.push(`${section} goes from 5 to 495`);
    if (anchors.some((anchor) => anchor[section] % 5 !== 0)) problems.push(`${section} scores are multiples of 5`);
    if (!isAscending(anchors.map((anchor) => anchor[section]))) problems.push(`${section} scores never fall`);
    if (!isAscending(cefr.map((minimum) => minimum[section]).toReversed())) problems.push('cefr: best level first');
  }
  if (new Set(anchors.map(({ raw }) => raw)).size !== anchors.length || !isAscending(anchors.map(({ raw }) => raw))) {
    problems.push('anchors ascend in raw');
  }
  return problems;
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value >= (values[index - 1] as number));
}
