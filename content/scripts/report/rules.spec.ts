import { join } from 'node:path';
import { readBank, type Bank, type BankItem, type BankSet } from './bank.ts';
import { ruleViolations } from './rules.ts';

const WORDS = 'harbor lantern copper meadow violin basket ticket garden mirror saddle'.split(' ');
/** Sentences that share no three words in a row. */
const sentence = (seed: number) =>
  Array.from({ length: 14 }, (_, index) => `${WORDS[(seed * 3 + index * (seed + 1)) % WORDS.length]}${seed}`).join(' ');

const item = (seed: number, key: string, options = ['north', 'south', 'today', 'night']): BankItem => ({
  stem: sentence(seed),
  options,
  key,
  ability: 'R5',
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
});
