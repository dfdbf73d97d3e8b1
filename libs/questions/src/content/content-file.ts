import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';

/** A content file that cannot be used; says where and why, for the person who wrote it. */
export class ContentError extends Error {
  constructor(path: string, problems: readonly string[], options?: ErrorOptions) {
    super(`${path}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`, options);
    this.name = 'ContentError';
  }
}

/**
 * Reads and validates every YAML file below a folder, in the order of their names. A missing folder is empty.
 *
 * @throws {ContentError} for the first file that breaks the schema
 */
export async function readContentFiles<File>(
  folder: string,
  schema: z.ZodType<File>,
): Promise<{ path: string; file: File }[]> {
  const paths = await yamlFilesBelow(folder);
  return Promise.all(
    paths.map(async (path) => {
      const result = schema.safeParse(parseYaml(path, await readFile(path, 'utf8')));
      if (!result.success) {
        throw new ContentError(
          path,
          result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
        );
      }
      return { path, file: result.data };
    }),
  );
}

async function yamlFilesBelow(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder, { recursive: true });
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .toSorted()
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw new ContentError(path, [(error as Error).message], { cause: error });
  }
}
