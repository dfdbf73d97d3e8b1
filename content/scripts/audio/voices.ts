/** How one speaker sounds: an engine, a voice of it, and how far pitch and speed are from the voice's own. */
export interface Voice {
  readonly engine: 'flite' | 'espeak-ng';
  readonly name: string;
  /** Mean pitch in hertz (flite), or 0 to 99 (espeak-ng). */
  readonly pitch: number;
  /** Words are this many times as long as the voice's own (flite), or words a minute (espeak-ng). */
  readonly speed: number;
}

const flite = (name: string, pitch: number, speed: number): Voice => ({ engine: 'flite', name, pitch, speed });
const espeak = (name: string, pitch: number, speed: number): Voice => ({ engine: 'espeak-ng', name, pitch, speed });

/** Reads directions, numbers and questions. */
export const NARRATOR = flite('rms', 92, 1.14);

const MEN = [flite('awb', 118, 1.1), flite('rms', 108, 1.08), espeak('en-gb-x-rp+m3', 42, 150)];
const WOMEN = [flite('slt', 178, 1.14), flite('slt', 212, 1.06), espeak('en-us+f3', 55, 148)];

/** The voice of a speaker: by role, and varied from set to set so that neighbours differ. */
export function voiceOf(speaker: string, setIndex: number): Voice {
  if (speaker === 'Narrator') return NARRATOR;
  const second = speaker.endsWith(' 2') ? 1 : 0;
  const voices = speaker.startsWith('Woman') ? WOMEN : MEN;
  return voices[(setIndex + second) % voices.length] as Voice;
}
