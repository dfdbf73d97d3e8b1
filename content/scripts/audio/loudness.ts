import { run } from './run.ts';

/** Of every recording and every line in it, in LUFS (EBU R 128). */
export const TARGET_LUFS = -19;
/** Peaks stay below this, in decibels of full scale; encoders add a little. */
const CEILING_DB = -3.5;
/** Lines shorter than the gate of the measurement are repeated to be measured. */
const SHORTEST_MEASURED_SECONDS = 4;

/** Integrated loudness in LUFS. */
export async function loudnessOf(path: string): Promise<number> {
  const repeated = `aloop=loop=-1:size=2e9,atrim=duration=${SHORTEST_MEASURED_SECONDS}`;
  const whole = await measure(path, 'anull');
  return whole.seconds < SHORTEST_MEASURED_SECONDS ? (await measure(path, repeated)).lufs : whole.lufs;
}

/** The filters that change loudness by so many decibels and hold the peaks down. */
export function gain(decibels: number): string {
  const ceiling = 10 ** (CEILING_DB / 20);
  return `volume=${decibels.toFixed(2)}dB,alimiter=limit=${ceiling.toFixed(3)}:level=disabled:attack=2:release=40`;
}

async function measure(path: string, filter: string): Promise<{ lufs: number; seconds: number }> {
  const { stderr } = await run('ffmpeg', [
    '-hide_banner',
    '-nostats',
    '-i',
    path,
    '-af',
    `${filter},ebur128`,
    '-f',
    'null',
    '-',
  ]);
  const lufs = Number(/I:\s+(-?[\d.]+) LUFS/.exec(stderr.slice(stderr.lastIndexOf('Summary')))?.[1]);
  const [, hours = 0, minutes = 0, seconds = 0] = /Duration: (\d+):(\d+):([\d.]+)/.exec(stderr) ?? [];
  if (Number.isNaN(lufs)) throw new Error(`${path}: no loudness could be measured`);
  return { lufs, seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) };
}
