import { writeFileSync } from 'node:fs';
import { spoken } from './pronunciation.ts';
import { run } from './run.ts';
import type { Voice } from './voices.ts';

export const SAMPLE_RATE = 16_000;
/** Between the letter of a statement and the statement. */
const AFTER_LETTER_SECONDS = 0.35;
const TRIM = 'silenceremove=start_periods=1:start_threshold=-45dB';

/** Speaks `text` into a WAV file: mono, 16 kHz, without silence at its ends. */
export async function synthesise(text: string, voice: Voice, path: string): Promise<void> {
  const [, letter, statement] = /^\(([A-D])\)\s+(.*)$/s.exec(text) ?? [];
  // Alone, “A” is an article to Festival.
  const name = letter === 'A' ? 'Ay' : letter;
  const parts = name === undefined || statement === undefined ? [text] : [`${name}.`, statement];
  const inputs: string[] = [];
  for (const [index, part] of parts.entries()) {
    const raw = `${path}.${index}.wav`;
    await speak(spoken(part), voice, raw);
    inputs.push('-i', raw);
  }
  await run('ffmpeg', ['-v', 'error', '-y', ...inputs, '-filter_complex', joined(parts.length, voice), path]);
}

async function speak(text: string, { engine, name, pitch, stretch }: Voice, path: string): Promise<void> {
  if (engine === 'festival') {
    writeFileSync(`${path}.txt`, text);
    await run('text2wave', [`${path}.txt`, '-o', path, '-eval', `(voice_${name})`]);
    return;
  }
  const features = ['--setf', `int_f0_target_mean=${pitch}`, '--setf', `duration_stretch=${stretch}`];
  await run('flite', ['-voice', name, ...features, '-t', text, '-o', path]);
}

/** Parts one after the other, each without silence at its ends, with a breath between them. */
function joined(parts: number, voice: Voice): string {
  const shaped = Array.from({ length: parts }, (_, index) => {
    const breath = index < parts - 1 ? `,apad=pad_dur=${AFTER_LETTER_SECONDS}` : '';
    return `[${index}]${TRIM},areverse,${TRIM},areverse,${shapeOf(voice)}${breath}[part${index}]`;
  });
  const labels = shaped.map((_, index) => `[part${index}]`).join('');
  return `${shaped.join(';')};${labels}concat=n=${parts}:v=0:a=1,aformat=channel_layouts=mono`;
}

/** Played at another rate, a voice is that of a larger or smaller person; its tempo is set apart from that. */
function shapeOf({ engine, size, stretch }: Voice): string {
  const tempo = 1 / (size * (engine === 'festival' ? stretch : 1));
  const resample = `aresample=${SAMPLE_RATE}`;
  return `${resample},asetrate=${Math.round(SAMPLE_RATE * size)},${resample},atempo=${tempo.toFixed(4)}`;
}
