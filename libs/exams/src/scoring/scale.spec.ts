import { join } from 'node:path';
import { readContentFiles } from '@app/questions';
import fc from 'fast-check';
import { scaleFileSchema } from '../content/form-file.schema.js';
import { scaleViolations } from '../content/scale-rules.js';
import { cefrLevel, scaledScore, scoreBand, type Scale } from './scale.js';

const folder = join(import.meta.dirname, '../../../../content/scales');
const files = await readContentFiles(folder, scaleFileSchema);
const SECTIONS = ['listening', 'reading'] as const;
const RAWS = Array.from({ length: 101 }, (_, raw) => raw);

const levelsOf = (scale: Scale, section: (typeof SECTIONS)[number], scores: readonly number[]) =>
  scores.map((score) => cefrLevel(scale, section, score));

/** What must hold of the scores of all raw scores. */
function isSound(scores: readonly number[]): boolean {
  return (
    scores[0] === 5 &&
    scores.at(-1) === 495 &&
    scores.every((score, raw) => score % 5 === 0 && (raw === 0 || score >= (scores[raw - 1] ?? 0)))
  );
}

describe.each(files.map(({ file }) => [`${file.id} v${file.version}`, file] as const))('scale %s', (_, scale) => {
  it('keeps the rules', () => expect(scaleViolations(scale)).toEqual([]));

  it.each(SECTIONS)('gives %s scores from 5 to 495 in steps of 5 that never fall', (section) => {
    expect(isSound(RAWS.map((raw) => scaledScore(scale, section, raw)))).toBe(true);
  });

  it.each(SECTIONS)('gives the %s score of each anchor exactly', (section) => {
    for (const anchor of scale.anchors) expect(scaledScore(scale, section, anchor.raw)).toBe(anchor[section]);
  });
});

describe('the default scale', () => {
  const { file: scale } = files.find(({ file }) => file.id === 'estimated' && file.version === 1)!;

  it('interpolates between anchors, to the nearest 5', () => {
    // 50 is 220, 60 is 270: 5 a point. 0 is 5, 20 is 60: 2.75 a point.
    expect([51, 57].map((raw) => scaledScore(scale, 'listening', raw))).toEqual([225, 255]);
    expect([1, 2, 10].map((raw) => scaledScore(scale, 'listening', raw))).toEqual([10, 10, 35]);
  });

  it('gives CEFR levels from each minimum on, per section', () => {
    expect(levelsOf(scale, 'listening', [490, 485, 400, 395, 275, 110, 60, 55])).toEqual([
      'C1',
      'B2',
      'B2',
      'B1',
      'B1',
      'A2',
      'A1',
      null,
    ]);
    expect(levelsOf(scale, 'reading', [455, 450, 385, 275, 115, 110, 60, 5])).toEqual([
      'C1',
      'B2',
      'B2',
      'B1',
      'A2',
      'A1',
      'A1',
      null,
    ]);
  });
});

describe('scoreBand', () => {
  it('is one standard error to each side, inside the range', () => {
    expect(scoreBand(300, 25, 1)).toEqual({ low: 275, high: 325 });
    expect(scoreBand(5, 25, 1)).toEqual({ low: 5, high: 30 });
    expect(scoreBand(990, 35, 2)).toEqual({ low: 955, high: 990 });
    expect(scoreBand(10, 35, 2)).toEqual({ low: 10, high: 45 });
  });
});

describe('scaledScore of any scale that keeps the rules', () => {
  const scales = fc
    .record({
      raws: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 12 }),
      scores: fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 12, maxLength: 12 }),
    })
    .map(({ raws, scores }): Scale => {
      const ascending = raws.toSorted((a, b) => a - b);
      const between = scores.slice(0, ascending.length).toSorted((a, b) => a - b);
      const anchors = [
        { raw: 0, listening: 5, reading: 5 },
        ...ascending.map((raw, index) => ({ raw, listening: between[index]! * 5, reading: between[index]! * 5 })),
        { raw: 100, listening: 495, reading: 495 },
      ];
      return { id: 'any', version: 1, anchors, standardError: { section: 25, total: 35 }, cefr: [] };
    });

  it('is sound', () => {
    fc.assert(
      fc.property(scales, (scale) => {
        expect(scaleViolations(scale)).toEqual([]);
        expect(isSound(RAWS.map((raw) => scaledScore(scale, 'reading', raw)))).toBe(true);
      }),
    );
  });

  it('and that check sees a scale that falls, which the rules refuse', () => {
    const anchors = [
      { raw: 0, listening: 5, reading: 5 },
      { raw: 50, listening: 300, reading: 300 },
      { raw: 60, listening: 250, reading: 250 },
      { raw: 100, listening: 495, reading: 495 },
    ];
    const falling: Scale = { id: 'x', version: 1, anchors, standardError: { section: 25, total: 35 }, cefr: [] };
    expect(isSound(RAWS.map((raw) => scaledScore(falling, 'reading', raw)))).toBe(false);
    expect(scaleViolations(falling)).toEqual(['listening scores never fall', 'reading scores never fall']);
  });
});

describe('scaleViolations', () => {
  const sound = files[0]!.file;
  const [first, ...rest] = sound.anchors;

  it.each([
    ['begins late', { anchors: rest }, 'anchors go from raw 0 to raw 100'],
    [
      'is not in steps of 5',
      { anchors: [first!, { raw: 10, listening: 33, reading: 35 }, ...rest] },
      'listening scores are multiples of 5',
    ],
    ['has an anchor twice', { anchors: [first!, first!, ...rest] }, 'anchors ascend in raw'],
    [
      'does not end at 495',
      { anchors: [first!, { raw: 100, listening: 490, reading: 495 }] },
      'listening goes from 5 to 495',
    ],
    ['has its levels upside down', { cefr: sound.cefr.toReversed() }, 'cefr: best level first'],
  ])('refuses a scale that %s', (_, changes, problem) => {
    expect(scaleViolations({ ...sound, ...changes })).toContain(problem);
  });
});
