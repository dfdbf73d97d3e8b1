import type { FormSource, SetSource } from './sources.ts';

/** What is heard, in order: speech, or silence. */
export type Cue =
  | { readonly kind: 'speech'; readonly speaker: string; readonly text: string; readonly line?: number }
  | { readonly kind: 'pause'; readonly ms: number };

const AFTER_DIRECTIONS_MS = 3000;
const AFTER_NUMBER_MS = 700;
const BETWEEN_LINES_MS = 450;
const BETWEEN_STATEMENTS_MS = 900;
const TO_ANSWER_MS = 5000;
const TO_ANSWER_PRINTED_MS = 8000;
const TO_ANSWER_GRAPHIC_MS = 12_000;

const narrator = (text: string): Cue => ({ kind: 'speech', speaker: 'Narrator', text });
const pause = (ms: number): Cue => ({ kind: 'pause', ms });

/** The recording of one set of a form. `directions` are spoken before the first set of a part. */
export function scriptOf(set: SetSource, firstNumber: number, directions: string | undefined): Cue[] {
  const opening =
    directions === undefined ? [] : [narrator(`Part ${set.part}. ${directions}`), pause(AFTER_DIRECTIONS_MS)];
  return [...opening, ...(set.part <= 2 ? heardItem(set, firstNumber) : heardSet(set, firstNumber))];
}

/** Parts 1 and 2: one item, everything heard, nothing printed. */
function heardItem(set: SetSource, number: number): Cue[] {
  const look = set.part === 1 ? ` Look at the picture marked number ${number}.` : '';
  return [
    narrator(`Number ${number}.${look}`),
    pause(AFTER_NUMBER_MS),
    ...linesOf(set, BETWEEN_STATEMENTS_MS),
    pause(TO_ANSWER_MS),
  ];
}

/** Parts 3 and 4: a conversation or talk, then its printed questions, read aloud. */
function heardSet(set: SetSource, first: number): Cue[] {
  const last = first + set.items.length - 1;
  const graphic = set.graphic === null || set.graphic === undefined ? '' : ' and graphic';
  const speakers = new Set((set.transcript ?? []).map(({ speaker }) => speaker)).size;
  const what = set.part === 4 ? 'talk' : speakers > 2 ? 'conversation with three speakers' : 'conversation';
  return [
    narrator(`Questions ${first} through ${last} refer to the following ${what}${graphic}.`),
    pause(1200),
    ...linesOf(set, BETWEEN_LINES_MS),
    pause(1500),
    ...set.items.flatMap(({ stem }, index) => [
      narrator(`Number ${first + index}. ${stem ?? ''}`),
      pause(/look at the graphic/i.test(stem ?? '') ? TO_ANSWER_GRAPHIC_MS : TO_ANSWER_PRINTED_MS),
    ]),
  ];
}

function linesOf(set: SetSource, betweenMs: number): Cue[] {
  return (set.transcript ?? []).flatMap(({ speaker, text }, line) => [
    ...(line === 0 ? [] : [pause(betweenMs)]),
    { kind: 'speech' as const, speaker, text, line },
  ]);
}

/** Sets of the listening section in order, with the number of their first item and the directions before them. */
export function listeningOrder(form: FormSource, sets: ReadonlyMap<string, SetSource>) {
  const order: { readonly set: SetSource; readonly firstNumber: number; readonly directions: string | undefined }[] =
    [];
  let number = form.firstNumber ?? 1;
  for (const { name, parts } of form.sections) {
    for (const part of parts) {
      for (const [index, slug] of part.sets.entries()) {
        const set = sets.get(slug);
        if (set === undefined) throw new Error(`${form.slug} names ${slug}, which no file has`);
        if (name === 'listening')
          order.push({ set, firstNumber: number, directions: index === 0 ? part.directions : undefined });
        number += set.items.length;
      }
    }
  }
  return order;
}
