import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { processTree, signal, survivors } from './process-tree.js';
import type { ServerGuard } from './server-guard.js';

const READY_WITHIN_MS = 30_000;
const POLL_MS = 10;
const LOG_TAIL_CHARS = 2_000;

export interface LaunchOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly guard: ServerGuard;
  /** Output is appended here. */
  readonly logFile: string;
  /** Who to run as, when not as ourselves. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
}

/** A server ended, or did not answer, before it was ready. The message holds the end of its log. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';

  get portTaken(): boolean {
    return /address already in use/i.test(this.message);
  }
}

/** One run of a server, from its launch to its end, together with the processes it forks. */
export class ServerProcess {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #options: LaunchOptions;

  private constructor(child: ChildProcess, pid: number, options: LaunchOptions) {
    this.#child = child;
    this.pid = pid;
    this.#options = options;
  }

  /** Starts the program as our own child, out of reach of the terminal's Ctrl-C. */
  static async launch(options: LaunchOptions): Promise<ServerProcess> {
    const log = openSync(options.logFile, 'a');
    try {
      const child = spawn(options.command, options.args, {
        ...options.account,
        cwd: options.guard.folder,
        env: { PATH: process.env['PATH'], LANG: 'C' },
        detached: true,
        stdio: ['ignore', log, log],
      });
      await once(child, 'spawn');
      child.unref();
      const server = new ServerProcess(child, child.pid as number, options);
      options.guard.watch(server.pid);
      return server;
    } finally {
      closeSync(log);
    }
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves once `probe` answers true; it may throw while the server is not there yet. */
  async untilReady(probe: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      if (this.ended) throw await this.#startError('ended before it was ready');
      const ready = await probe().catch(() => false);
      if (ready && !this.ended) return;
      if (Date.now() > deadline) {
        throw await this.#startError(`was not ready within ${READY_WITHIN_MS} ms`);
      }
      await sleep(POLL_MS);
    }
  }

  /** Freezes the server and all its processes. Once this resolves none of them runs. */
  async pause(): Promise<void> {
    for (;;) {
      // A child forked just before its parent froze shows up in the next round.
      const running = (await processTree(this.pid)).filter(({ state }) => state === 'running');
      if (running.length === 0) return;
      for (const { pid } of running) signal(pid, 'SIGSTOP');
      await sleep(1);
    }
  }

  async resume(): Promise<void> {
    for (const { pid } of await processTree(this.pid)) signal(pid, 'SIGCONT');
  }

  /** As if the power went: nothing is flushed, nobody is told. Resolves once all are gone. */
  async kill(): Promise<void> {
    if (this.ended) return;
    await this.pause();
    await this.#end('SIGKILL');
  }

  /** Asks the server to end by its own signal, even a paused one. Resolves once all are gone. */
  async terminate(endSignal: NodeJS.Signals): Promise<void> {
    if (this.ended) return;
    await this.#end(endSignal);
  }

  async #end(endSignal: NodeJS.Signals): Promise<void> {
    const pids = (await processTree(this.pid)).map(({ pid }) => pid);
    this.#child.ref();
    const exit = this.ended ? undefined : once(this.#child, 'exit');
    if (endSignal === 'SIGKILL') for (const pid of pids) signal(pid, 'SIGKILL');
    else {
      signal(this.pid, endSignal);
      for (const pid of pids) signal(pid, 'SIGCONT');
    }
    await exit;
    this.#options.guard.forget();
    while ((await survivors(pids)).length > 0) await sleep(POLL_MS);
  }

  async #startError(what: string): Promise<ServerStartError> {
    const log = await readFile(this.#options.logFile, 'utf8').catch(() => '');
    return new ServerStartError(`${this.#options.command} ${what}.\n${log.slice(-LOG_TAIL_CHARS)}`);
  }
}
