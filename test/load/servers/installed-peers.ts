import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const PEERS = join(import.meta.dirname, '../peers');

/** Installs what is compared with, where that is missing or older than its lock file: it is no part of the product. */
export async function installPeers(): Promise<void> {
  const [wanted, installed] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map((file) => modifiedAt(join(PEERS, file))),
  );
  if ((installed as number) >= (wanted as number)) return;
  process.stdout.write('Installing what is compared with (once).\n');
  await promisify(execFile)('npm', ['ci', '--ignore-scripts'], { cwd: PEERS });
}

async function modifiedAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
