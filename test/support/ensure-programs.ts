import { access } from 'node:fs/promises';
import { aptInstall } from './apt-install.js';
import { findProgram, type ProgramSearch } from './find-program.js';
import { PROGRAMS, type Program, type ProgramName } from './programs.js';

/** The machine as this file needs to see it. */
export interface Host {
  /** True where packages may be installed: root on Debian or one of its children. */
  canInstall(): Promise<boolean>;
  find(program: Program): Promise<ProgramSearch>;
  install(debianPackages: readonly string[]): Promise<void>;
  say(line: string): void;
}

export type { ProgramName } from './programs.js';

/** A program is missing and could not be installed. The message says what to do about it. */
export class ProgramMissingError extends Error {
  override readonly name = 'ProgramMissingError';
}

/** The path of a program that tests run; installs it where that is possible, or throws. */
export async function ensureProgram(name: ProgramName, host: Host = thisHost): Promise<string> {
  const program = PROGRAMS[name];
  const first = await host.find(program);
  if (first.path !== undefined) return first.path;
  if (!(await host.canInstall())) throw new ProgramMissingError(explain(name, first));
  host.say(`${name} is missing: installing the Debian package ${program.debianPackage} (once).`);
  await host.install([program.debianPackage]);
  const second = await host.find(program);
  if (second.path === undefined) throw new ProgramMissingError(explain(name, second));
  return second.path;
}

/** The paths of several programs, in the order asked for. */
export async function ensurePrograms(names: readonly ProgramName[], host: Host = thisHost): Promise<string[]> {
  const paths: string[] = [];
  // One after the other: apt takes one at a time anyway.
  for (const name of names) paths.push(await ensureProgram(name, host));
  return paths;
}

function explain(name: ProgramName, { tooOld }: ProgramSearch): string {
  const { minimumMajor, debianPackage, fedoraPackage, brewFormula, replacedBy } = PROGRAMS[name];
  return [
    `${name}${minimumMajor === undefined ? '' : ` ${minimumMajor} or newer`} is needed and was not found.`,
    ...(tooOld.length > 0 ? [`Too old: ${tooOld.join(', ')}.`] : []),
    'Install it:',
    `  Debian, Ubuntu  sudo apt-get install -y ${debianPackage}`,
    `  Fedora          sudo dnf install -y ${fedoraPackage}`,
    `  macOS           brew install ${brewFormula}`,
    ...(replacedBy === undefined
      ? []
      : [
          `Or set ${replacedBy} to a server of your own: it takes the place of the one a test run shares.`,
          '(Tests that pause or kill a server still start theirs.)',
        ]),
  ].join('\n');
}

const thisHost: Host = {
  canInstall: async () => process.getuid?.() === 0 && (await hasAptGet()),
  find: (program) => findProgram(program),
  install: (packages) => aptInstall(packages),
  say: (line) => process.stderr.write(`${line}\n`),
};

async function hasAptGet(): Promise<boolean> {
  try {
    await Promise.all([access('/etc/debian_version'), access('/usr/bin/apt-get')]);
    return true;
  } catch {
    return false;
  }
}
