import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { assemble, checksum, type LineTiming } from './audio/assemble.ts';
import { recipeOf } from './audio/recipe.ts';
import { listeningOrder, scriptOf } from './audio/script-of-set.ts';
import { readForms, readSets } from './audio/sources.ts';

/** What was made for a set, and from what: an unchanged set is not made again. */
interface ManifestEntry {
  readonly madeFrom: string;
  readonly durationMs: number;
  readonly mp3: { readonly path: string; readonly sha256: string };
  readonly opus: { readonly path: string; readonly sha256: string };
  readonly lines: readonly LineTiming[];
}

/** Speaks the listening section of every form into content/media, from its transcripts. Needs flite, festival (festvox-us-slt-hts), ffmpeg. */
const contentDir = join(import.meta.dirname, '..');
const media = join(contentDir, 'media');
const sets = readSets(contentDir);

for (const form of readForms(contentDir)) {
  const order = listeningOrder(form, sets);
  if (order.length === 0) continue;
  const manifestPath = join(media, form.slug, 'audio.yaml');
  const before = existsSync(manifestPath)
    ? (parse(readFileSync(manifestPath, 'utf8')) as Record<string, ManifestEntry>)
    : {};
  const after: Record<string, ManifestEntry> = {};
  for (const [index, { set, firstNumber, directions }] of order.entries()) {
    const cues = scriptOf(set, firstNumber, directions);
    const madeFrom = recipeOf(cues, index);
    const path = `${form.slug}/${set.slug}`;
    const kept = before[set.slug];
    const target = join(media, path);
    if (kept?.madeFrom === madeFrom && existsSync(`${target}.mp3`)) {
      after[set.slug] = kept;
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    const scratch = mkdtempSync(join(tmpdir(), 'audio-'));
    const { durationMs, lines } = await assemble(cues, index, scratch, target);
    rmSync(scratch, { recursive: true });
    after[set.slug] = {
      madeFrom,
      durationMs,
      mp3: { path: `${path}.mp3`, sha256: checksum(`${target}.mp3`) },
      opus: { path: `${path}.opus`, sha256: checksum(`${target}.opus`) },
      lines,
    };
    process.stdout.write(`${path}: ${(durationMs / 1000).toFixed(1)} s\n`);
  }
  writeFileSync(manifestPath, stringify(after));
  const minutes = Object.values(after).reduce((sum, { durationMs }) => sum + durationMs, 0) / 60_000;
  process.stdout.write(`${form.slug}: ${order.length} recordings, ${minutes.toFixed(1)} minutes\n`);
}
