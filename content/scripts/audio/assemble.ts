import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** Integrated loudness, true peak and range (EBU R 128). */
const LOUDNESS = 'loudnorm=I=-19:TP=-2:LRA=9';
const BYTES_PER_SAMPLE = 2;

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
  const input = [
    '-v',
    'error',
    '-y',
    '-f',
    's16le',
    '-ar',
    String(SAMPLE_RATE),
    '-ac',
    '1',
    '-i',
    raw,
    '-af',
    LOUDNESS,
  ];
  const plain = ['-ac', '1', '-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'];
  await run('ffmpeg', [
    ...input,
    ...plain,
    '-ar',
    String(SAMPLE_RATE),
    '-c:a',
    'libmp3lame',
    '-abr',
    '1',
    '-b:a',
    '20k',
    `${target}.mp3`,
  ]);
  await run('ffmpeg', [...input, ...plain, '-c:a', 'libopus', '-b:a', '10k', '-application', 'voip', `${target}.opus`]);
  return { durationMs: toMs(samples), lines };
}

export function checksum(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

async function speech(cue: Extract<Cue, { kind: 'speech' }>, setIndex: number, path: string): Promise<Buffer> {
  await synthesise(cue.text, voiceOf(cue.speaker, setIndex), path);
  await run('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    path,
    '-af',
    LOUDNESS,
    '-ar',
    String(SAMPLE_RATE),
    '-f',
    's16le',
    `${path}.pcm`,
  ]);
  return readFileSync(`${path}.pcm`);
}

function silence(ms: number): Buffer {
  return Buffer.alloc(Math.round((ms * SAMPLE_RATE) / 1000) * BYTES_PER_SAMPLE);
}

function toMs(samples: number): number {
  return Math.round((samples * 1000) / SAMPLE_RATE);
}
