import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gain, loudnessOf, TARGET_LUFS } from './loudness.ts';
import { run } from './run.ts';
import type { Cue } from './script-of-set.ts';
import { SAMPLE_RATE, synthesise } from './synthesise.ts';
import { voiceOf } from './voices.ts';

export interface LineTiming {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Recording {
  readonly durationMs: number;
  /** Of the transcript's lines, in order. */
  readonly lines: readonly LineTiming[];
}

const BYTES_PER_SAMPLE = 2;
const RAW = `-f s16le -ar ${SAMPLE_RATE} -ac 1`.split(' ');
const REPRODUCIBLE = '-ac 1 -map_metadata -1 -fflags +bitexact -flags:a +bitexact'.split(' ');
/** At 20 kbit/s, a recogniser heard a sixth fewer words than in the speech before it was encoded; at 24, nearly all. */
const MP3 = `-ar ${SAMPLE_RATE} -c:a libmp3lame -abr 1 -b:a 24k -compression_level 0`.split(' ');
/** Pages of four seconds: a tenth less overhead than pages of one. */
const OPUS = '-c:a libopus -b:a 10k -application voip -page_duration 4000000'.split(' ');
/** An encoder changes the loudness a little; beyond this, the file is encoded once more. */
const CLOSE_ENOUGH_LU = 0.2;

/** Makes a recording from its cues: speech by voice, pauses, one loudness; as MP3 and Opus beside each other. */
export async function assemble(
  cues: readonly Cue[],
  setIndex: number,
  scratch: string,
  target: string,
): Promise<Recording> {
  const pieces: Buffer[] = [];
  const lines: LineTiming[] = [];
  let samples = 0;
  for (const [index, cue] of cues.entries()) {
    const piece = cue.kind === 'pause' ? silence(cue.ms) : await speech(cue, setIndex, join(scratch, `${index}.wav`));
    const startMs = toMs(samples);
    samples += piece.length / BYTES_PER_SAMPLE;
    if (cue.kind === 'speech' && cue.line !== undefined) lines.push({ startMs, endMs: toMs(samples) });
    pieces.push(piece);
  }
  const raw = join(scratch, 'whole.pcm');
  writeFileSync(raw, Buffer.concat(pieces));
  await encode(raw, MP3, `${target}.mp3`);
  await encode(raw, OPUS, `${target}.opus`);
  return { durationMs: toMs(samples), lines };
}

export function checksum(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

async function encode(raw: string, codec: readonly string[], path: string): Promise<void> {
  let decibels = 0;
  for (let again = false; ; again = true) {
    const input = ['-v', 'error', '-y', ...RAW, '-i', raw, '-af', gain(decibels)];
    await run('ffmpeg', [...input, ...REPRODUCIBLE, ...codec, path]);
    const missing = TARGET_LUFS - (await loudnessOf(path));
    if (again || Math.abs(missing) <= CLOSE_ENOUGH_LU) return;
    decibels += missing;
  }
}

/** One piece of speech, as loud as every other: speakers and numbers are heard alike. */
async function speech(cue: Extract<Cue, { kind: 'speech' }>, setIndex: number, path: string): Promise<Buffer> {
  await synthesise(cue.text, voiceOf(cue.speaker, setIndex), path);
  const level = gain(TARGET_LUFS - (await loudnessOf(path)));
  await run('ffmpeg', ['-v', 'error', '-y', '-i', path, '-af', level, ...RAW, `${path}.pcm`]);
  return readFileSync(`${path}.pcm`);
}

function silence(ms: number): Buffer {
  return Buffer.alloc(Math.round((ms * SAMPLE_RATE) / 1000) * BYTES_PER_SAMPLE);
}

function toMs(samples: number): number {
  return Math.round((samples * 1000) / SAMPLE_RATE);
}
