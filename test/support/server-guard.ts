import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** Longer than Postgres gives its own processes on SIGQUIT (5 s) before it kills them. */
const PATIENCE_TENTHS = 80;

/**
 * Reads "watch <pid>" and "forget". At the end of input, which is how it learns that the test
 * process has ended, it ends the watched process and removes the folder.
 */
const SCRIPT = `
pid=
while read -r word value; do
  case $word in
    watch) pid=$value ;;
    forget) pid= ;;
  esac
done
if [ -n "$pid" ]; then
  kill -CONT "$pid"
  kill -"$2" "$pid"
  tenths=0
  while kill -0 "$pid" && [ $tenths -lt ${PATIENCE_TENTHS} ]; do
    sleep 0.1
    tenths=$((tenths + 1))
  done
  kill -KILL "$pid"
fi
eval "$3"
rm -rf "$1"
`;

/**
 * Ends a server and removes its folder when the test process ends, however it ends: returned,
 * interrupted, or killed. It is a small shell of its own that waits on a pipe from us. Exit handlers
 * could not do this: Jest never runs those that a spec registers, and SIGKILL runs none.
 */
export class ServerGuard {
  readonly folder: string;
  readonly #shell: ChildProcess;

  /**
   * `endSignal` makes the server leave at once, its own children included. `cleanUp` is a shell
   * command for what lies outside the folder; it finds the folder in `$1`.
   */
  constructor(folder: string, endSignal: 'QUIT' | 'KILL', cleanUp = '') {
    this.folder = folder;
    this.#shell = spawn('sh', ['-c', SCRIPT, 'sh', folder, endSignal, cleanUp], {
      // A session of its own, so that Ctrl-C does not reach it before its work is done.
      detached: true,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#shell.on('error', () => {});
    this.#shell.stdin?.on('error', () => {});
    this.#shell.unref();
    (this.#shell.stdin as Socket).unref();
  }

  watch(pid: number): void {
    this.#shell.stdin?.write(`watch ${pid}\n`);
  }

  /** The watched process is gone; its id may belong to another by now. */
  forget(): void {
    this.#shell.stdin?.write('forget\n');
  }

  /** Cleans up, removes the folder and ends the guard. */
  async release(): Promise<void> {
    if (this.#shell.exitCode === null && this.#shell.signalCode === null) {
      this.#shell.ref();
      this.#shell.stdin?.end('forget\n');
      await once(this.#shell, 'exit');
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
