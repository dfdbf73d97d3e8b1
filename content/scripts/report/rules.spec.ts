import { join } from 'node:path';
import { readBank, type Bank, type BankItem, type BankSet } from './bank.ts';
import { ruleViolations } from './rules.ts';
import { setViolations } from './set-rules.ts';

const WORDS = 'harbor lantern copper meadow violin basket ticket garden mirror saddle'.split(' ');
/** Sentences that share no three words in a row. */
const sentence = (seed: number) =>
  Array.from({ length: 14 }, (_, index) => `${WORDS[(seed * 3 + index * (seed + 1)) % WORDS.length]}${seed}`).join(' ');

const item = (seed: number, key: string, options = ['north', 'south', 'today', 'night']): BankItem => ({
  stem: sentence(seed),
  options,
  key,
  ability: seed % 5 === 0 ? 'R4' : 'R5',
  difficulty: 3,
});

/** A form of single items with these keys. */
function bankOf(items: readonly BankItem[], more: Partial<BankSet> = {}): Bank {
  const sets = items.map((each, index): BankSet => ({ slug: `p5-${index}`, part: 5, items: [each], ...more }));
  const slugs = sets.map(({ slug }) => slug);
  return {
    sets: new Map(sets.map((set) => [set.slug, set])),
    forms: [{ slug: 'form', kind: 'part', sections: [{ parts: [{ part: 5, sets: slugs }] }] }],
  };
}

const EVEN = 'ABCDABCDABCD'.split('');

describe('the rules of the bank', () => {
  it('hold for the content of this repository', () => {
    expect(ruleViolations(readBank(join(import.meta.dirname, '..', '..')))).toEqual([]);
  });

  it('hold for an even, unremarkable form', () => {
    expect(ruleViolations(bankOf(EVEN.map((key, index) => item(index, key))))).toEqual([]);
  });

  it('name a key that comes five times in a row', () => {
    const keys = 'AAAAABCDBCDBCD'.split('');
    expect(ruleViolations(bankOf(keys.map((key, index) => item(index, key))))).toContain(
      'form: a key 5 times in a row',
    );
  });

  it('name keys that are not spread evenly', () => {
    const keys = 'ABABABABABAB'.split('');
    expect(ruleViolations(bankOf(keys.map((key, index) => item(index, key)))).join()).toMatch(
      /A is the key 6 of 12 times/,
    );
  });

  it('name keys that give themselves away by length', () => {
    const items = EVEN.map((key, index) =>
      item(
        index,
        key,
        EVEN.slice(0, 4).map((label) => (label === key ? 'by far the longest option' : `${label} short`)),
      ),
    );
    expect(ruleViolations(bankOf(items)).join()).toMatch(/longest option in 100 %/);
  });

  it('name a text that is far too long for its part', () => {
    const items = EVEN.map((key, index) => item(index, key));
    items[0] = { ...item(0, 'A'), stem: Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ') };
    expect(ruleViolations(bankOf(items))).toEqual(['p5-0: a part 5 sentence of 60 words']);
  });

  it('name two stems that are nearly the same', () => {
    const items = EVEN.map((key, index) => item(index, key));
    items[5] = { ...item(5, 'B'), stem: sentence(4).replace(/\S+$/, 'other') };
    expect(ruleViolations(bankOf(items))).toEqual(['nearly the same stem: p5-4 1 and p5-5 1']);
  });

  it('name a phrase that stands in three texts', () => {
    const phrase = 'thank you very much for your kind patience today';
    const passages = [{ kind: 'email', text: phrase }];
    expect(
      ruleViolations(
        bankOf(
          EVEN.map((key, index) => item(index, key)),
          { passages },
        ),
      ).join(),
    ).toMatch(/repeated: “thank you/);
  });

  it('name neighboring keys that are hardly ever the same', () => {
    const keys = 'ABCDABCDABCDABCDABCDABCD'.split('');
    expect(ruleViolations(bankOf(keys.map((key, index) => item(index, key))))).toContain(
      'form part 5: only 0 of 23 keys are that of the item before',
    );
  });

  it('name a Part 5 without vocabulary', () => {
    const items = EVEN.map((key, index) => ({ ...item(index, key), ability: 'R5' }));
    expect(ruleViolations(bankOf(items))).toEqual(['form part 5: 0 of 12 items are about vocabulary']);
  });

  it('name a Part 2 where yes and no are always wrong', () => {
    const items = 'ABCABCABCABC'.split('').map((key, index) => {
      const options = 'ABC'.split('').map((label) => (label === key ? `Maybe ${index}.` : `Yes, ${label} ${index}.`));
      return item(index, key, options);
    });
    expect(ruleViolations(bankOf(items, { part: 2 })).join()).toMatch(
      /part 2: of 24 options with yes or no, 0 are right/,
    );
  });

  it('name a full form’s part without a hard item', () => {
    const bank = bankOf(EVEN.map((key, index) => item(index, key)));
    const full = { ...bank, forms: bank.forms.map((form) => ({ ...form, kind: 'full' })) };
    expect(ruleViolations(full)).toEqual(['form part 5: no item is hard']);
  });

  it('name a set that no form uses', () => {
    const bank = bankOf(EVEN.map((key, index) => item(index, key)));
    const spare: BankSet = { slug: 'p5-spare', part: 5, items: [item(40, 'A')] };
    expect(ruleViolations({ ...bank, sets: new Map([...bank.sets, [spare.slug, spare]]) })).toEqual([
      'p5-spare: no form uses it',
    ]);
  });
});

describe('the rules of a set', () => {
  const talk: BankSet = {
    slug: 'p3-ferry',
    part: 3,
    transcript: [
      { speaker: 'Man', text: 'I’m taking pictures at a wedding.' },
      { speaker: 'Man', text: 'I have five cases of lights and cameras with me.' },
    ],
    items: [
      {
        ...item(1, 'A'),
        stem: 'What most likely is the man’s job?',
        explanation: 'He has “five cases of lights and cameras.”',
        distractors: { B: 'He is “taking pictures.”' },
      },
      { ...item(2, 'B'), stem: 'What does he imply when he says, “I’m taking pictures at a wedding”?' },
    ],
  };
  const withItem = (index: number, changes: Partial<BankItem>): BankSet => ({
    ...talk,
    items: talk.items.map((each, position) => (position === index ? { ...each, ...changes } : each)),
  });

  it('hold for a sound set', () => expect(setViolations(talk)).toEqual([]));

  it('name a stem that quotes the evidence of another item', () => {
    const stem = 'What does he imply when he says, “I have five cases of lights and cameras with me”?';
    expect(setViolations(withItem(1, { stem }))).toEqual([
      'p3-ferry: stem 2 quotes the evidence of item 1: “five cases of lights”',
    ]);
  });

  it('name a quotation that does not stand in the text', () => {
    const distractors = { B: 'The ticket is “valid on that boat,” too.' };
    expect(setViolations(withItem(0, { distractors }))).toEqual([
      'p3-ferry: item 1 quotes what is not there: “valid on that boat”',
    ]);
  });

  it('take the words on both sides of an ellipsis as two quotations', () => {
    const explanation = '“I have five cases ... with me,” he says.';
    expect(setViolations(withItem(0, { explanation }))).toEqual([]);
  });

  it('name a heard option that is not the one of the item', () => {
    const heard: BankSet = {
      slug: 'p2-van',
      part: 2,
      transcript: ['Where is the van?', '(A) At six.', '(B) Behind the bakery.', '(C) Two kilos.'].map((text) => ({
        speaker: 'Man',
        text,
      })),
      items: [{ ...item(1, 'B'), stem: 'Where is the van?', options: ['At six.', 'By the bakery.', 'Two kilos.'] }],
    };
    expect(setViolations(heard)).toEqual(['p2-van: the transcript differs from the item']);
  });

  it('name a graphic that nobody described', () => {
    expect(setViolations({ ...talk, graphic: 'full-1/ferry.png', graphicAlt: null })).toEqual([
      'p3-ferry: a graphic without its description',
    ]);
  });
});
