import { spawnSync } from 'node:child_process';

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** Where processes run: the server measured on one core, whatever feeds it on the other. */
export interface Pinning {
  readonly description: string;
  server(command: Command): Command;
  support(command: Command): Command;
  /** Moves a process that runs already, and those it starts from now on, to where support runs. */
  move(pid: number | undefined): void;
}

/** `taskset` replaces itself by the program, so that the pid of a pinned child is the program's. */
export function choosePinning(): Pinning {
  if (canPinTo('0') && canPinTo('1')) {
    return {
      description: 'servers on core 0; generator, Postgres and Redis on core 1 (taskset)',
      server: (command) => ['taskset', '-c', '0', ...command],
      support: (command) => ['taskset', '-c', '1', ...command],
      move: (pid) => {
        if (pid !== undefined) spawnSync('taskset', ['-a', '-c', '-p', '1', String(pid)], { stdio: 'ignore' });
      },
    };
  }
  return {
    description: 'nothing pinned (needs taskset and two cores)',
    server: (command) => command,
    support: (command) => command,
    move: () => undefined,
  };
}

function canPinTo(core: string): boolean {
  return spawnSync('taskset', ['-c', core, 'true'], { stdio: 'ignore' }).status === 0;
}
