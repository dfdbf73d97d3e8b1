import { join } from 'node:path';
import { questionRuleViolations } from '../question-rules.js';
import { readContentFiles } from './content-file.js';
import { setFileSchema } from './set-file.schema.js';

const files = await readContentFiles(join(import.meta.dirname, '../../../../content/sets'), setFileSchema);
const sets = files.flatMap(({ file }) => file.sets);

describe('content/sets', () => {
  it('holds sets', () => expect(sets.length).toBeGreaterThan(0));

  it('gives every set a slug of its own', () => {
    const slugs = sets.map(({ slug }) => slug);
    expect(slugs.filter((slug, index) => slugs.indexOf(slug) !== index)).toEqual([]);
  });

  it('keeps the rules of each part', () => {
    const violations = sets.flatMap(({ slug, part, items }) =>
      items.flatMap((item, index) =>
        questionRuleViolations(part, item).map(({ path, message }) => `${slug} ${index + 1} ${path}: ${message}`),
      ),
    );
    expect(violations).toEqual([]);
  });

  it('numbers the blanks of Part 6 as its items, each once', () => {
    for (const { slug, passages, items } of sets.filter(({ part }) => part === 6)) {
      const blanks = passages.flatMap(({ text }) => [...text.matchAll(/\{\{(\d+)\}\}/g)].map(([, n]) => Number(n)));
      expect({ slug, blanks }).toEqual({ slug, blanks: items.map((_, index) => index + 1) });
    }
  });

  it('gives what is heard a transcript, which recordings are made from, and what is read none', () => {
    for (const { slug, part, transcript } of sets) {
      expect({ slug, transcribed: transcript !== null }).toEqual({ slug, transcribed: part <= 4 });
    }
  });

  it('does not favour one letter as the key', () => {
    const keys = sets.flatMap(({ part, items }) => (part === 2 ? [] : items.map(({ key }) => key)));
    for (const letter of ['A', 'B', 'C', 'D']) {
      const share = keys.filter((key) => key === letter).length / keys.length;
      expect({ letter, fair: share > 0.1 && share < 0.45 }).toEqual({ letter, fair: true });
    }
  });
});
