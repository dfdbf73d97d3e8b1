/** How one speaker sounds: an engine, a voice of it, and how far it is from the voice's own. */
export interface Voice {
  readonly engine: 'flite' | 'festival';
  readonly name: string;
  /** Mean pitch in hertz; Festival's voice has one of its own. */
  readonly pitch: number | null;
  /** Words are this many times as long as the voice's own. */
  readonly stretch: number;
  /** Pitch and resonances are this many times as high: above 1 a smaller speaker, below 1 a larger one. */
  readonly size: number;
}

const flite = (name: string, pitch: number, stretch: number, size = 1): Voice => ({
  engine: 'flite',
  name,
  pitch,
  stretch,
  size,
});
const festival = (name: string, stretch: number, size = 1): Voice => ({
  engine: 'festival',
  name,
  pitch: null,
  stretch,
  size,
});

/** Reads directions, numbers and questions. */
export const NARRATOR = flite('rms', 92, 1.14);

const MEN = [flite('awb', 118, 1.1), flite('rms', 108, 1.1, 1.05), flite('kal16', 105, 1.1)];
// Encoded at few bits, this voice is understood better when it is that of a slightly larger person.
const WOMEN = [
  flite('slt', 190, 1.14, 0.92),
  festival('cmu_us_slt_arctic_hts', 1.06, 0.93),
  flite('slt', 212, 1.1, 0.97),
];

/** The voice of a speaker: by role, and varied from set to set so that neighbours differ. */
export function voiceOf(speaker: string, setIndex: number): Voice {
  if (speaker === 'Narrator') return NARRATOR;
  const second = speaker.endsWith(' 2') ? 1 : 0;
  const voices = speaker.startsWith('Woman') ? WOMEN : MEN;
  return voices[(setIndex + second) % voices.length] as Voice;
}
