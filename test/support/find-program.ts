import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, glob, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Program } from './programs.js';

/** What a search met: the path that will do, or those that are too old, with their versions. */
export interface ProgramSearch {
  readonly path?: string;
  readonly tooOld: readonly string[];
}

/** Looks through PATH, then the program's own folders, newest first. */
export async function findProgram(program: Program, searchPath = process.env['PATH'] ?? ''): Promise<ProgramSearch> {
  const folders = [...searchPath.split(delimiter).filter(Boolean), ...(await ownFolders(program))];
  const tooOld: string[] = [];
  for (const command of program.commands) {
    for (const folder of folders) {
      const path = join(folder, command);
      if (!(await isUsable(path, program.companion))) continue;
      const version = program.minimumMajor === undefined ? '' : await versionOf(path);
      if (Number.parseInt(version, 10) < (program.minimumMajor ?? 0)) {
        tooOld.push(`${path} is ${version}`);
      } else return { path, tooOld };
    }
  }
  return { tooOld };
}

async function ownFolders({ folders = [] }: Program): Promise<string[]> {
  const byVersion = new Intl.Collator('en', { numeric: true });
  const found: string[] = [];
  for (const pattern of folders) {
    const matches: string[] = [];
    for await (const folder of glob(pattern)) matches.push(folder);
    found.push(...matches.toSorted((a, b) => byVersion.compare(b, a)));
  }
  return found;
}

async function isUsable(path: string, companion: string | undefined): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    if (companion) await access(join(dirname(await realpath(path)), companion), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** "postgres (PostgreSQL) 15.18 (Debian)" and "Redis server v=7.0.15 sha=..." both start so. */
async function versionOf(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ['--version']).catch(() => ({ stdout: '' }));
  return /\d+(\.\d+)*/.exec(stdout)?.[0] ?? '0';
}
