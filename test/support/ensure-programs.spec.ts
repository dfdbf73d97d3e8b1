import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureProgram, ensurePrograms, type Host } from './ensure-programs.js';
import { findProgram, type ProgramSearch } from './find-program.js';
import { PROGRAMS } from './programs.js';

/** A machine with nothing on it, where only what is installed can be found. */
class EmptyHost implements Host {
  readonly installed: string[] = [];
  readonly said: string[] = [];
  readonly #root: boolean;
  readonly #afterInstall: ProgramSearch;

  constructor(root: boolean, afterInstall: ProgramSearch = { path: '/usr/bin/it', tooOld: [] }) {
    this.#root = root;
    this.#afterInstall = afterInstall;
  }

  canInstall = async () => this.#root;
  find = async () => (this.installed.length > 0 ? this.#afterInstall : { tooOld: [] });
  install = async (packages: readonly string[]) => {
    this.installed.push(...packages);
  };
  say = (line: string) => {
    this.said.push(line);
  };
}

describe('ensureProgram', () => {
  it('installs what is missing where it may, and says so in one line', async () => {
    const host = new EmptyHost(true);
    expect(await ensureProgram('redis-server', host)).toBe('/usr/bin/it');
    expect(host.installed).toEqual(['redis-server']);
    expect(host.said).toEqual(['redis-server is missing: installing the Debian package redis-server (once).']);
  });

  it('installs nothing that is there', async () => {
    const host = new EmptyHost(true);
    host.find = async () => ({ path: '/opt/wrk', tooOld: [] });
    expect(await ensurePrograms(['wrk', 'wrk'], host)).toEqual(['/opt/wrk', '/opt/wrk']);
    expect(host.installed).toEqual([]);
  });

  it.each([
    ['postgres', 'postgresql', 'postgresql-server', 'postgresql@17', 'DATABASE_URL'],
    ['redis-server', 'redis-server', 'valkey', 'redis', 'REDIS_ADDR'],
  ] as const)('says how to come by %s elsewhere', async (name, debian, fedora, brew, variable) => {
    const missing = ensureProgram(name, new EmptyHost(false));
    await expect(missing).rejects.toMatchObject({ name: 'ProgramMissingError' });
    const { message } = (await missing.catch((error: unknown) => error)) as Error;
    expect(message).toMatch(new RegExp(`^${name} \\d+ or newer is needed and was not found`));
    expect(message).toContain(`sudo apt-get install -y ${debian}\n`);
    expect(message).toContain(`sudo dnf install -y ${fedora}\n`);
    expect(message).toContain(`brew install ${brew}\n`);
    expect(message).toContain(`Or set ${variable} `);
  });

  it('names no variable for a program that none replaces', async () => {
    await expect(ensureProgram('wrk', new EmptyHost(false))).rejects.toThrow(
      /^wrk is needed and was not found\.(?!.*Or set)/s,
    );
  });

  it('says so when the package brings one that is too old', async () => {
    const host = new EmptyHost(true, { tooOld: ['/usr/bin/redis-server is 6.0.16'] });
    await expect(ensureProgram('redis-server', host)).rejects.toThrow('Too old: /usr/bin/redis-server is 6.0.16.');
  });
});

describe('findProgram', () => {
  let folder: string;

  async function program(path: string, output: string): Promise<string> {
    const file = join(folder, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, `#!/bin/sh\necho '${output}'\n`);
    await chmod(file, 0o755);
    return file;
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'find-program-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('passes over one that is too old, and reports it', async () => {
    const old = await program('old/redis-server', 'Redis server v=6.2.7 sha=00000000');
    const good = await program('good/redis-server', 'Redis server v=7.0.15 sha=00000000');
    const search = [join(folder, 'old'), join(folder, 'good')].join(':');
    expect(await findProgram(PROGRAMS['redis-server'], search)).toEqual({
      path: good,
      tooOld: [`${old} is 6.2.7`],
    });
  });

  it('takes the newest of the folders that carry a version', async () => {
    await program('lib/9/bin/postgres', 'postgres (PostgreSQL) 9.6.1');
    await program('lib/15/bin/postgres', 'postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)');
    const newest = await program('lib/17/bin/postgres', 'postgres (PostgreSQL) 17beta1');
    const { companion, ...postgres } = PROGRAMS.postgres;
    expect(companion).toBe('initdb');
    const folders = [join(folder, 'lib/*/bin')];
    expect((await findProgram({ ...postgres, folders }, '')).path).toBe(newest);
  });

  it('wants the companion in the same folder, behind a link too', async () => {
    const postgres = await program('real/postgres', 'postgres (PostgreSQL) 16.1');
    await mkdir(join(folder, 'bin'));
    await symlink(postgres, join(folder, 'bin/postgres'));
    const { folders, ...onPath } = PROGRAMS.postgres;
    expect(folders).toBeDefined();
    expect(await findProgram(onPath, join(folder, 'bin'))).toEqual({ tooOld: [] });
    await program('real/initdb', 'initdb (PostgreSQL) 16.1');
    expect((await findProgram(onPath, join(folder, 'bin'))).path).toBe(join(folder, 'bin/postgres'));
  });
});
