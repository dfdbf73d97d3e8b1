/** A program that tests run, and how to come by it. */
export interface Program {
  /** File names to look for, best first. */
  readonly commands: readonly string[];
  /** The oldest major version that will do; any unless given. */
  readonly minimumMajor?: number;
  /** Must be in the same folder, links followed. */
  readonly companion?: string;
  /** Where to look beyond PATH. `*` stands for a version; the newest comes first. */
  readonly folders?: readonly string[];
  readonly debianPackage: string;
  readonly fedoraPackage: string;
  readonly brewFormula: string;
  /** The environment variable that puts a server of the user's own in its place. */
  readonly replacedBy?: string;
}

export type ProgramName = 'postgres' | 'initdb' | 'redis-server' | 'wrk' | 'chromium';

const POSTGRES = {
  minimumMajor: 15,
  folders: [
    '/usr/lib/postgresql/*/bin',
    '/usr/pgsql-*/bin',
    '/opt/homebrew/opt/postgresql@*/bin',
    '/usr/local/opt/postgresql@*/bin',
  ],
  debianPackage: 'postgresql',
  fedoraPackage: 'postgresql-server',
  brewFormula: 'postgresql@17',
  replacedBy: 'DATABASE_URL',
};

export const PROGRAMS: Readonly<Record<ProgramName, Program>> = {
  postgres: { ...POSTGRES, commands: ['postgres'], companion: 'initdb' },
  initdb: { ...POSTGRES, commands: ['initdb'], companion: 'postgres' },
  'redis-server': {
    // Valkey 7.2 and newer speaks the same protocol; Fedora ships it in Redis' place.
    commands: ['redis-server', 'valkey-server'],
    minimumMajor: 7,
    debianPackage: 'redis-server',
    fedoraPackage: 'valkey',
    brewFormula: 'redis',
    replacedBy: 'REDIS_ADDR',
  },
  wrk: { commands: ['wrk'], debianPackage: 'wrk', fedoraPackage: 'wrk', brewFormula: 'wrk' },
  chromium: {
    commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'Chromium', 'Google Chrome'],
    folders: ['/Applications/Chromium.app/Contents/MacOS', '/Applications/Google Chrome.app/Contents/MacOS'],
    debianPackage: 'chromium',
    fedoraPackage: 'chromium',
    brewFormula: '--cask chromium',
  },
};
