import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface BankItem {
  readonly stem?: string | null;
  readonly options: readonly string[];
  readonly key: string;
  readonly ability: string;
  readonly difficulty: number;
  readonly explanation?: string;
  /** By letter, why a wrong option is wrong. */
  readonly distractors?: Readonly<Record<string, string>>;
}

export interface BankSet {
  readonly slug: string;
  readonly part: number;
  readonly graphic?: string | null;
  readonly graphicAlt?: string | null;
  readonly passages?: readonly { readonly kind: string; readonly text: string }[];
  readonly transcript?: readonly { readonly speaker: string; readonly text: string }[] | null;
  readonly items: readonly BankItem[];
}

export interface BankForm {
  readonly slug: string;
  readonly kind: string;
  readonly sections: readonly {
    readonly parts: readonly { readonly part: number; readonly sets: readonly string[] }[];
  }[];
}

/** What `content/` holds; the importer validates its shape, this is about its quality. */
export interface Bank {
  readonly sets: ReadonlyMap<string, BankSet>;
  readonly forms: readonly BankForm[];
}

export function readBank(contentDir: string): Bank {
  const sets = yamlBelow<{ sets: BankSet[] }>(join(contentDir, 'sets')).flatMap((file) => file.sets);
  return { sets: new Map(sets.map((set) => [set.slug, set])), forms: yamlBelow<BankForm>(join(contentDir, 'forms')) };
}

/** A form's sets in order. */
export function setsOf(bank: Bank, form: BankForm): BankSet[] {
  const slugs = form.sections.flatMap(({ parts }) => parts.flatMap((part) => part.sets));
  return slugs.map((slug) => {
    const set = bank.sets.get(slug);
    if (set === undefined) throw new Error(`${form.slug} names ${slug}, which no file has`);
    return set;
  });
}

function yamlBelow<File>(folder: string): File[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => parse(readFileSync(join(folder, name), 'utf8')) as File);
}
