import { execFile } from 'node:child_process';
import { chown, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ensureProgram } from './ensure-programs.js';
import { postgresAccount } from './postgres-account.js';
import { ServerGuard } from './server-guard.js';
import { ServerProcess } from './server-process.js';

const run = promisify(execFile);

/** Inside the guarded folder. */
const DATA = 'data';

/**
 * Shell command that gives back the System V segment which a killed server leaves in the kernel (the
 * next start on the same files would have done it). Line 7 of the lock file is "<key> <segment id>".
 */
const RELEASE_SHARED_MEMORY = `
segment=$(sed -n '7s/.* //p' "$1/${DATA}/postmaster.pid") && [ -n "$segment" ] && ipcrm -m "$segment"
`;

/** Which program, as whom, on which files. */
export interface PostgresCluster {
  /** The server program; `initdb` is beside it. */
  readonly postgres: string;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly guard: ServerGuard;
  readonly account: { readonly uid: number; readonly gid: number } | undefined;
}

/** A cluster in a temporary folder of its own; nothing is laid out in it yet. */
export async function planCluster(): Promise<PostgresCluster> {
  const postgres = await realpath(await ensureProgram('postgres'));
  const account = await postgresAccount();
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mockingbird-postgres-')));
  return {
    postgres,
    account,
    guard: new ServerGuard(folder, 'QUIT', RELEASE_SHARED_MEMORY),
    dataFolder: join(folder, DATA),
    logFile: join(folder, 'postgres.log'),
  };
}

/** Makes the cluster empty: superuser `postgres`, UTF-8, no passwords. */
export async function initCluster(cluster: PostgresCluster): Promise<void> {
  const { account, dataFolder, guard } = cluster;
  if (account) await chown(guard.folder, account.uid, account.gid);
  const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  const initdb = run(
    join(dirname(cluster.postgres), 'initdb'),
    // Its own sync protects against power cuts only; ours are process kills.
    ['--no-sync', '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', `--locale=${locale}`, '-D', dataFolder],
    { ...account, cwd: guard.folder, env: { PATH: process.env['PATH'], LANG: 'C' } },
  );
  if (initdb.child.pid !== undefined) guard.watch(initdb.child.pid);
  await initdb;
  guard.forget();
}

/** Starts the server; it is not ready yet. Settings given last win. */
export async function launchCluster(
  cluster: PostgresCluster,
  settings: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ServerProcess.launch({
    command: cluster.postgres,
    args: ['-D', cluster.dataFolder, ...flags],
    guard: cluster.guard,
    logFile: cluster.logFile,
    account: cluster.account,
  });
}
