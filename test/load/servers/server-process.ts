import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../pinning.ts';

const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 10_000;

export interface ServerProcessOptions {
  readonly name: string;
  readonly command: Command;
  /** The whole environment: nothing is inherited, so that a result does not depend on the shell. */
  readonly env: Record<string, string>;
  /** Where the output goes; its end is shown when the server does not start. */
  readonly logFile: string;
  readonly isReady: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** A child that is ready to serve; disposing of it ends it by pid. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
}

export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = await spawnLogged(options);
  try {
    await waitUntilReady(child, options);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { pid: child.pid!, [Symbol.asyncDispose]: () => stop(child) };
}

async function spawnLogged({ command, env, logFile }: ServerProcessOptions): Promise<ChildProcess> {
  const [program, ...args] = command;
  await using log = await open(logFile, 'a');
  const child = spawn(program, args, { env, stdio: ['ignore', log.fd, log.fd] });
  await once(child, 'spawn');
  return child;
}

async function waitUntilReady(child: ChildProcess, options: ServerProcessOptions): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!hasEnded(child) && Date.now() < deadline) {
    if (await options.isReady().catch(() => false)) return;
    await sleep(50, undefined, { signal: options.signal });
  }
  const output = await readFile(options.logFile, 'utf8');
  throw new Error(`${options.name} did not start:\n${output.split('\n').slice(-20).join('\n')}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
