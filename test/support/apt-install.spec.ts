import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptInstall } from './apt-install.js';

/** Stand-ins for apt, first on PATH, which write down what they were asked. */
let folder: string;
let path: string | undefined;

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}

async function calls(): Promise<string[]> {
  return (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
}

async function install(...packages: string[]): Promise<void> {
  await aptInstall(packages, {
    policyFile: join(folder, 'policy-rc.d'),
    lockFile: join(folder, 'lock'),
  });
}

const APT_GET = `
[ "$1" = install ] && { [ -x "$FOLDER/policy-rc.d" ] && policy=denied || policy=open; }
echo "$1 $policy" >> "$FOLDER/calls"`;

// flock(1) is part of util-linux, and so is what it protects.
(process.platform === 'linux' ? describe : describe.skip)('aptInstall', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apt-install-'));
    path = process.env['PATH'];
    process.env['PATH'] = `${folder}:${path}`;
    process.env['FOLDER'] = folder;
    await program('apt-get', APT_GET);
    await program('apt-cache', 'exit 0');
  });

  afterEach(async () => {
    process.env['PATH'] = path;
    delete process.env['FOLDER'];
    await rm(folder, { recursive: true });
  });

  it('keeps services from starting while it installs, and only then', async () => {
    await install('redis-server');
    expect(await calls()).toEqual(['install denied']);
    expect(existsSync(join(folder, 'policy-rc.d'))).toBe(false);
  });

  it("leaves a policy of the machine's own in place", async () => {
    await program('policy-rc.d', 'exit 101');
    await install('redis-server');
    expect(existsSync(join(folder, 'policy-rc.d'))).toBe(true);
  });

  it('fetches the package lists only when a package is not known', async () => {
    await program('apt-cache', 'exit 100');
    await install('redis-server');
    expect(await calls()).toEqual(['update ', 'install denied']);
  });

  it('fetches the lists and tries again when they were stale', async () => {
    await program('apt-get', `${APT_GET}\n[ "$1" = update ] || grep -q update "$FOLDER/calls"`);
    await install('redis-server');
    expect(await calls()).toEqual(['install denied', 'update ', 'install denied']);
  });

  it('runs one at a time', async () => {
    await program('apt-get', 'echo begin >> "$FOLDER/calls"; sleep 0.1; echo end >> "$FOLDER/calls"');
    await Promise.all([install('wrk'), install('chromium')]);
    expect(await calls()).toEqual(['begin', 'end', 'begin', 'end']);
  });

  it('reports what apt said, and cleans up, when it fails', async () => {
    await program('apt-get', 'echo "E: no network" >&2; [ "$1" = update ]');
    await expect(install('wrk')).rejects.toThrow(/could not install wrk:[^]*E: no network/);
    expect(existsSync(join(folder, 'policy-rc.d'))).toBe(false);
  });
});
