import { join } from 'node:path';
import { CHOICES, readContentFiles, type Question, type QuestionSet } from '@app/questions';
import { z } from 'zod';
import { blueprintViolations } from './blueprint.js';
import { assembleForm, type BankSets } from './form-assembly.js';
import { formFileSchema } from './form-file.schema.js';

const content = join(import.meta.dirname, '../../../../content');
const looseSets = z.looseObject({
  sets: z.array(
    z.looseObject({ slug: z.string(), part: z.int(), passages: z.array(z.any()).default([]), items: z.array(z.any()) }),
  ),
});
const forms = await readContentFiles(join(content, 'forms'), formFileSchema);

/** The bank as it is after loading the files of `content/sets`; questions checks those itself. */
const bank: BankSets = new Map(
  (await readContentFiles(join(content, 'sets'), looseSets)).flatMap(({ file }) =>
    file.sets.map(({ slug, part, items, ...set }) => [
      slug,
      {
        set: { ...set, id: slug, slug, part, audioUrl: null, graphicUrl: null } as unknown as QuestionSet,
        questions: items.map(
          (item: object, index) => ({ ...item, part, id: `${slug} ${index}` }) as unknown as Question,
        ),
      },
    ]),
  ),
);

describe('content/forms', () => {
  it('holds forms, each with a slug of its own', () => {
    expect(forms.length).toBeGreaterThan(0);
    expect(new Set(forms.map(({ file }) => file.slug)).size).toBe(forms.length);
  });

  describe.each(forms.map(({ file }) => [file.slug, file] as const))('%s', (_, form) => {
    const slugs = form.sections.flatMap(({ parts }) => parts.flatMap(({ sets }) => sets));

    it('lists sets that exist', () => expect(slugs.filter((slug) => !bank.has(slug))).toEqual([]));

    it('assembles to the shape it declares', () => {
      const assembled = assembleForm(form, bank);
      expect(blueprintViolations({ kind: form.kind, ...assembled }, form.blueprint)).toEqual([]);
      expect(JSON.stringify(assembled.sections)).not.toContain('{{');
      expect(assembled.keys.every(({ key }) => CHOICES.includes(key))).toBe(true);
    });
  });
});
