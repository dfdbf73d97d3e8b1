import type { BankSet } from './bank.ts';
import { shingles, wordsOf } from './similarity.ts';

/** So many words of a stem give the evidence for another item away; so many in quotation marks must stand in the text. */
const EVIDENCE_WORDS = 4;
const QUOTED_WORDS = 3;

/** What is wrong with a set by itself, apart from lengths. */
export function setViolations(set: BankSet): string[] {
  return [
    ...(set.graphic != null && set.graphicAlt == null ? ['a graphic without its description'] : []),
    ...(set.part <= 2 ? unlikeTheTranscript(set) : []),
    ...(set.part === 3 || set.part === 4 || set.part === 7 ? [...siblingsAnswered(set), ...misquotations(set)] : []),
  ].map((problem) => `${set.slug}: ${problem}`);
}

/** Parts 1 and 2 are only heard, so the transcript must say what the item says. */
function unlikeTheTranscript({ part, transcript, items }: BankSet): string[] {
  const heard = (transcript ?? []).map(({ text }) => text);
  return items.flatMap(({ stem, options }) => {
    const said = [
      ...(part === 2 ? [stem ?? ''] : []),
      ...options.map((option, index) => `(${'ABCD'[index]}) ${option}`),
    ];
    return said.join('\n') === heard.join('\n') ? [] : ['the transcript differs from the item'];
  });
}

/** A printed stem must not quote what another item of the set asks the candidate to find. */
function siblingsAnswered({ items }: BankSet): string[] {
  return items.flatMap((item, index) => {
    const evidence = quoted(item.explanation ?? '').flatMap((words) => [...shingles(words, EVIDENCE_WORDS)]);
    return items.flatMap(({ stem }, other) => {
      if (other === index) return [];
      const printed = shingles(wordsOf(stem ?? ''), EVIDENCE_WORDS);
      const given = evidence.find((words) => printed.has(words));
      return given === undefined ? [] : [`stem ${other + 1} quotes the evidence of item ${index + 1}: “${given}”`];
    });
  });
}

/** What an explanation or a line on a distractor quotes stands in the text, or in the item. */
function misquotations({ passages = [], transcript, items }: BankSet): string[] {
  const text = [
    ...passages.map((passage) => passage.text),
    ...(transcript ?? []).map((line) => line.text),
    ...items.flatMap(({ stem, options }) => [stem ?? '', ...options]),
  ].join('\n');
  const known = ` ${wordsOf(text).join(' ')} `;
  return items.flatMap(({ explanation = '', distractors = {} }, index) =>
    [explanation, ...Object.values(distractors)]
      .flatMap(quoted)
      .filter((words) => words.length >= QUOTED_WORDS && !known.includes(` ${words.join(' ')} `))
      .map((words) => `item ${index + 1} quotes what is not there: “${words.join(' ')}”`),
  );
}

/** The words between quotation marks; an ellipsis parts two quotations. */
function quoted(text: string): string[][] {
  return [...text.matchAll(/“([^”]+)”/g)].flatMap(([, inside = '']) => inside.split('...').map(wordsOf));
}
