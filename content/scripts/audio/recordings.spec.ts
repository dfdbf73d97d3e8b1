import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { checksum } from './assemble.ts';
import { recipeOf } from './recipe.ts';
import { listeningOrder, scriptOf } from './script-of-set.ts';
import { readForms, readSets } from './sources.ts';

const content = join(import.meta.dirname, '..', '..');
const media = join(content, 'media');
const MOST_BYTES = 12_000_000;

interface Entry {
  readonly madeFrom: string;
  readonly durationMs: number;
  readonly mp3: { readonly path: string; readonly sha256: string };
  readonly opus: { readonly path: string; readonly sha256: string };
  readonly lines: readonly { readonly startMs: number; readonly endMs: number }[];
}

const sets = readSets(content);
const forms = readForms(content)
  .map((form) => ({ slug: form.slug, order: listeningOrder(form, sets) }))
  .filter(({ order }) => order.length > 0);
const manifestOf = (slug: string) =>
  parse(readFileSync(join(media, slug, 'audio.yaml'), 'utf8')) as Record<string, Entry>;

describe('the recordings', () => {
  it.each(forms)('of $slug exist for every listening set, as they were made', ({ slug, order }) => {
    const manifest = manifestOf(slug);
    expect(Object.keys(manifest)).toEqual(order.map(({ set }) => set.slug));
    for (const { mp3, opus } of Object.values(manifest)) {
      for (const file of [mp3, opus]) expect(checksum(join(media, file.path))).toBe(file.sha256);
    }
  });

  it.each(forms)('of $slug say what the transcripts say now (run npm run content:audio)', ({ slug, order }) => {
    const manifest = manifestOf(slug);
    const outdated = order.filter(
      ({ set, firstNumber, directions }, index) =>
        manifest[set.slug]?.madeFrom !== recipeOf(scriptOf(set, firstNumber, directions), index),
    );
    expect(outdated.map(({ set }) => set.slug)).toEqual([]);
  });

  it.each(forms)('of $slug time every line of the transcripts, in order', ({ slug, order }) => {
    const manifest = manifestOf(slug);
    for (const { set } of order) {
      const { lines, durationMs } = manifest[set.slug] as Entry;
      expect(lines).toHaveLength(set.transcript?.length ?? 0);
      const times = lines.flatMap(({ startMs, endMs }) => [startMs, endMs]);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).toBeLessThan(durationMs);
    }
  });

  it('of the full form last as long as the format’s listening section', () => {
    const minutes = Object.values(manifestOf('full-1')).reduce((sum, { durationMs }) => sum + durationMs, 0) / 60_000;
    expect(minutes).toBeGreaterThan(43);
    expect(minutes).toBeLessThan(47);
  });

  it('fit into 12 MB together', () => {
    const files = readdirSync(media, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(mp3|opus)$/.test(name),
    );
    const bytes = files.reduce((sum, name) => sum + statSync(join(media, name)).size, 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });
});

describe('the graphics', () => {
  const withGraphic = [...sets.values()].flatMap(({ slug, graphic }) => (graphic == null ? [] : [{ slug, graphic }]));

  it.each(withGraphic)('of $slug exist, as PNG and SVG', ({ graphic }) => {
    expect(existsSync(join(media, graphic))).toBe(true);
    expect(existsSync(join(media, graphic.replace(/\.png$/, '.svg')))).toBe(true);
  });
});
