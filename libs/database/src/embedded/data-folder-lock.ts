import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolderInUseError } from '../data-folder-in-use.error.js';

/** Keeps two processes from opening one embedded database, which would corrupt it. */
export class DataFolderLock {
  private constructor(private readonly path: string) {}

  /**
   * Takes over the lock of a process that is gone.
   *
   * @throws {DataFolderInUseError}
   */
  static take(folder: string): DataFolderLock {
    const path = join(folder, 'lock');
    const holder = readHolder(path);
    if (holder !== undefined && holder !== process.pid && isAlive(holder)) {
      throw new DataFolderInUseError(folder, holder);
    }
    rmSync(path, { force: true });
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, String(process.pid));
    closeSync(file);
    return new DataFolderLock(path);
  }

  release(): void {
    rmSync(this.path, { force: true });
  }
}

function readHolder(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
