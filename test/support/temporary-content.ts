import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';

/** Content that a spec may change: at first the sample reading form of `content/` alone, which is small and fixed. */
export interface TemporaryContent {
  readonly dir: string;
  /** Adds or replaces a file; `path` is below the folder. */
  write(path: string, content: object): Promise<void>;
  /** Reads a file, lets `change` edit what it says, and writes it back. */
  edit(path: string, change: (file: never) => void): Promise<void>;
  delete(path: string): Promise<void>;
  /** Removes the whole copy. */
  remove(): Promise<void>;
}

export async function temporaryContent(): Promise<TemporaryContent> {
  const dir = await mkdtemp(join(tmpdir(), 'content-'));
  for (const path of ['sets/reading-mini-1', 'forms/reading-mini-1.yaml', 'scales']) {
    await cp(join('content', path), join(dir, path), { recursive: true });
  }
  const write = async (path: string, content: object) => {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), stringify(content));
  };
  return {
    dir,
    write,
    edit: async (path, change) => {
      const file = parse(await readFile(join(dir, path), 'utf8')) as object;
      change(file as never);
      await write(path, file);
    },
    delete: (path) => rm(join(dir, path)),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
