import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readBank } from './bank.ts';
import { readVocabulary, usesOf } from './vocabulary-uses.ts';

const content = join(import.meta.dirname, '..', '..');
const entries = readVocabulary(content);

const set = (slug: string, text: string) => ({ slug, part: 7, passages: [{ kind: 'email', text }], items: [] });

describe('the vocabulary', () => {
  it('has 600 different words and phrases', () => {
    expect(new Set(entries.map(({ slug }) => slug)).size).toBe(600);
    expect(new Set(entries.map(({ headword, partOfSpeech }) => `${headword} ${partOfSpeech}`)).size).toBe(600);
  });

  it('gives each a level, a definition and an example', () => {
    for (const { slug, level, definition, example } of entries) {
      expect({ slug, level }).toEqual({ slug, level: expect.stringMatching(/^(A2|B1|B2|C1)$/) as string });
      expect(definition.split(' ').length).toBeGreaterThan(2);
      expect(example).toMatch(/^["“A-Z0-9].*[.?!”"]$/u);
    }
  });

  it('says which sets use a word (run npm run content:vocabulary)', () => {
    const written = parse(readFileSync(join(content, 'vocabulary', 'uses.yaml'), 'utf8')) as Record<string, string[]>;
    expect(usesOf(entries, [...readBank(content).sets.values()])).toEqual(written);
  });

  it('finds a word in its other forms, and not inside another word', () => {
    const entry = {
      slug: 'refund',
      headword: 'refund',
      partOfSpeech: 'verb',
      level: 'B1',
      topic: '',
      definition: '',
      example: '',
    };
    const sets = [set('a', 'It was refunded.'), set('b', 'A refundable fee.'), set('c', 'Refunds are paid.')];
    expect(usesOf([entry], sets)).toEqual({ refund: ['a', 'c'] });
  });
});
