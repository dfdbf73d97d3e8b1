import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { jest } from '@jest/globals';
import { processTree, survivors } from './process-tree.js';

jest.setTimeout(60_000);

const FOLDER = import.meta.dirname;
const HOOK = pathToFileURL(join(FOLDER, 'typescript-imports.mjs')).href;

interface Started {
  readonly owner: ChildProcess;
  readonly pid: number;
  readonly folder: string;
}

/** A process that starts a server, tells where, then does `afterwards`. */
async function ownerOf(server: 'PostgresServer' | 'RedisServer', afterwards: string): Promise<Started> {
  const file = server === 'PostgresServer' ? 'postgres-server.ts' : 'redis-server.ts';
  const url = pathToFileURL(join(FOLDER, file)).href;
  const code = `
    import { ${server} } from '${url}';
    const server = await ${server}.start();
    process.stdout.write(JSON.stringify({ pid: server.pid, folder: server.folder }) + '\\n');
    ${afterwards}`;
  const owner = spawn(process.execPath, ['--import', HOOK, '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(owner.stdout), 'line')) as [string];
  return { owner, ...(JSON.parse(line) as { pid: number; folder: string }) };
}

async function untilGone(pids: readonly number[], folder: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while ((await survivors(pids)).length > 0 || existsSync(folder)) {
    if (Date.now() > deadline) throw new Error(`Left behind: ${pids.join(', ')} or ${folder}`);
    await sleep(20);
  }
}

describe.each(['PostgresServer', 'RedisServer'] as const)('a %s whose owner ends', (server) => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('by %s goes with it', async (name) => {
    const { owner, pid, folder } = await ownerOf(server, 'setInterval(() => {}, 1000);');
    const pids = (await processTree(pid)).map((entry) => entry.pid);
    expect(pids).toContain(pid);
    owner.kill(name);
    await untilGone(pids, folder);
  });

  it('by finishing without stop() goes with it, and does not keep it from finishing', async () => {
    const { owner, pid, folder } = await ownerOf(server, '');
    if (owner.exitCode === null) await once(owner, 'exit');
    expect(owner.exitCode).toBe(0);
    await untilGone([pid], folder);
  });

  it('while it is paused goes with it', async () => {
    const { owner, pid, folder } = await ownerOf(server, 'await server.pause(); process.kill(process.pid, "SIGKILL");');
    if (owner.signalCode === null) await once(owner, 'exit');
    await untilGone([pid], folder);
  });

  it('once it was killed leaves no folder', async () => {
    const { pid, folder } = await ownerOf(server, 'await server.kill(); process.exit();');
    await untilGone([pid], folder);
  });
});
