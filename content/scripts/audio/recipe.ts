import { createHash } from 'node:crypto';
import { spoken } from './pronunciation.ts';
import type { Cue } from './script-of-set.ts';
import { voiceOf } from './voices.ts';

/** Raised when synthesis, loudness or encoding changes, so that everything is made again. */
const VERSION = 3;

/** What a recording is made from: while this stays the same, the recording is not made again. */
export function recipeOf(cues: readonly Cue[], setIndex: number): string {
  const heard = cues.map((cue) =>
    cue.kind === 'pause' ? cue : { ...cue, text: spoken(cue.text), voice: voiceOf(cue.speaker, setIndex) },
  );
  return createHash('sha256')
    .update(JSON.stringify([VERSION, heard]))
    .digest('hex');
}
