import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Builds for `npm start`, unless nothing the build reads has changed since the last one. */
const SOURCES = ['apps', 'libs', 'nest-cli.json', 'tsconfig.json', 'package.json', 'package-lock.json'];
const STAMP = join('dist', '.built');

function newestChange(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function isCurrent() {
  const stamp = statSync(STAMP, { throwIfNoEntry: false });
  return stamp !== undefined && stamp.mtimeMs > Math.max(...SOURCES.map(newestChange));
}

if (!isCurrent()) {
  process.stdout.write('Building ...\n');
  const begun = performance.now();
  // What another tool left there would be taken for current.
  rmSync(join('dist', 'api.tsbuildinfo'), { force: true });
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(STAMP, '');
  process.stdout.write(`Building: done in ${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
}
