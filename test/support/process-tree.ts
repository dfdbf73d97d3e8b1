import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  /** `ended` is a zombie: it holds nothing any more and waits only for its parent to notice. */
  readonly state: 'running' | 'stopped' | 'ended';
}

/** The process with this id and everything it started, directly or not. Empty once it is gone. */
export async function processTree(rootPid: number): Promise<ProcessEntry[]> {
  const entries = await listProcesses();
  const tree = entries.filter(({ pid }) => pid === rootPid);
  for (const parent of tree) {
    tree.push(...entries.filter(({ parentPid }) => parentPid === parent.pid));
  }
  return tree;
}

/** Which of these processes still run or are paused. */
export async function survivors(pids: readonly number[]): Promise<number[]> {
  const entries = await listProcesses();
  return entries.filter(({ pid, state }) => state !== 'ended' && pids.includes(pid)).map(({ pid }) => pid);
}

/** Sends a signal; a process that is already gone is not an error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Slim images have no `ps`, and macOS has no `/proc`. */
async function listProcesses(): Promise<ProcessEntry[]> {
  return process.platform === 'linux' ? listFromProc() : listFromPs();
}

async function listFromProc(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.filter(Boolean).map((stat) => {
    // "pid (name) state ppid ...", where the name may contain anything, parentheses too.
    const [state = '', parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid: Number.parseInt(stat, 10), parentPid: Number(parentPid), state: stateOf(state) };
  });
}

async function listFromPs(): Promise<ProcessEntry[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parentPid, state = ''] = line.trim().split(/\s+/);
      return { pid: Number(pid), parentPid: Number(parentPid), state: stateOf(state) };
    });
}

function stateOf(letters: string): ProcessEntry['state'] {
  if (/^[Tt]/.test(letters)) return 'stopped';
  return /^[ZX]/.test(letters) ? 'ended' : 'running';
}
