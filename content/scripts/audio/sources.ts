import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** As `content/sets` has it; the importer validates it in full. */
export interface SetSource {
  readonly slug: string;
  readonly part: number;
  readonly audio?: string | null;
  readonly graphic?: string | null;
  readonly transcript?: readonly { readonly speaker: string; readonly text: string }[] | null;
  readonly items: readonly { readonly stem?: string | null }[];
}

export interface FormSource {
  readonly slug: string;
  readonly firstNumber?: number;
  readonly sections: readonly {
    readonly name: string;
    readonly parts: readonly { readonly part: number; readonly directions: string; readonly sets: readonly string[] }[];
  }[];
}

export function readSets(contentDir: string): Map<string, SetSource> {
  const files = yamlFiles<{ sets: SetSource[] }>(join(contentDir, 'sets'));
  return new Map(files.flatMap(({ sets }) => sets).map((set) => [set.slug, set]));
}

export function readForms(contentDir: string): FormSource[] {
  return yamlFiles<FormSource>(join(contentDir, 'forms'));
}

function yamlFiles<File>(folder: string): File[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => parse(readFileSync(join(folder, name), 'utf8')) as File);
}
