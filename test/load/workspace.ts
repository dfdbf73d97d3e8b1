import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export const REPOSITORY = resolve(import.meta.dirname, '../..');

/** A folder for one run, inside the repository so that compiled peers find node_modules. */
export interface Workspace extends AsyncDisposable {
  readonly path: string;
}

export async function createWorkspace(): Promise<Workspace> {
  const path = join(REPOSITORY, 'dist', 'bench', randomUUID());
  await mkdir(path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
