import { run } from './run.ts';
import type { Voice } from './voices.ts';

export const SAMPLE_RATE = 16_000;

/** Speaks `text` into a WAV file: mono, 16 kHz (what the voices have), without silence at its ends. */
export async function synthesise(text: string, voice: Voice, path: string): Promise<void> {
  const raw = `${path}.raw.wav`;
  await speak(spoken(text), voice, raw);
  const trim =
    'silenceremove=start_periods=1:start_threshold=-45dB,areverse,silenceremove=start_periods=1:start_threshold=-45dB,areverse';
  await run('ffmpeg', ['-v', 'error', '-y', '-i', raw, '-af', trim, '-ac', '1', '-ar', String(SAMPLE_RATE), path]);
}

async function speak(text: string, { engine, name, pitch, speed }: Voice, path: string): Promise<void> {
  if (engine === 'espeak-ng') {
    await run('espeak-ng', ['-v', name, '-p', String(pitch), '-s', String(speed), '-w', path, text]);
    return;
  }
  const features = ['--setf', `int_f0_target_mean=${pitch}`, '--setf', `duration_stretch=${speed}`];
  await run('flite', ['-voice', name, ...features, '-t', text, '-o', path]);
}

/** Typographic marks that engines would read out or stumble over. */
function spoken(text: string): string {
  return text
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/\s*[—–]\s*/g, ', ')
    .replaceAll('…', '...')
    .replaceAll(/\(([A-D])\)/g, '$1.')
    .replaceAll(/\bA\.M\./g, 'A M')
    .replaceAll(/\bP\.M\./g, 'P M');
}
