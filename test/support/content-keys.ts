import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

type Choice = 'A' | 'B' | 'C' | 'D';

interface ItemFile {
  readonly stem?: string | null;
  readonly options: readonly string[];
  readonly key: Choice;
  readonly ability: string;
  readonly explanation: string;
  readonly distractors: Readonly<Record<string, string>>;
}

export interface SetFile {
  readonly slug: string;
  readonly part: number;
  readonly passages?: readonly { readonly text: string }[];
  readonly transcript?: readonly { readonly speaker: string; readonly text: string }[] | null;
  readonly items: readonly ItemFile[];
}

export interface FormFile {
  readonly slug: string;
  readonly firstNumber?: number;
  readonly sections: readonly {
    readonly parts: readonly { readonly part: number; readonly sets: readonly string[] }[];
  }[];
}

/** What the content files say of one numbered item of a form. */
export interface ContentItem extends ItemFile {
  readonly number: number;
  readonly part: number;
  readonly transcript: SetFile['transcript'];
}

/** The items of a form by number, read from the files alone, so that a spec knows the keys without asking the product. */
export async function contentItems(contentDir: string, formSlug: string): Promise<ContentItem[]> {
  const files = await Promise.all(
    (await readdir(join(contentDir, 'sets'), { recursive: true }))
      .filter((name) => name.endsWith('.yaml'))
      .map(async (name) => parse(await readFile(join(contentDir, 'sets', name), 'utf8')) as { sets: SetFile[] }),
  );
  const sets = new Map(files.flatMap((file) => file.sets).map((set) => [set.slug, set]));
  const form = parse(await readFile(join(contentDir, 'forms', `${formSlug}.yaml`), 'utf8')) as FormFile;
  const slugs = form.sections.flatMap(({ parts }) => parts.flatMap((part) => part.sets));
  return slugs
    .flatMap((slug) => {
      const { part, transcript = null, items } = sets.get(slug) as SetFile;
      return items.map((item) => ({ ...item, part, transcript }));
    })
    .map((item, index) => ({ ...item, number: (form.firstNumber ?? 1) + index }));
}

/** A choice that is not the key, and that every part has. */
export function wrongChoice({ key }: Pick<ItemFile, 'key'>): Choice {
  return key === 'A' ? 'B' : 'A';
}
