import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pinning } from '../pinning.ts';
import type { LoadGenerator, LoadResult } from './load-generator.ts';

const SCRIPT = join(import.meta.dirname, 'wrk-report.lua');

/** @param path of the program */
export function createWrk(path: string, pinning: Pinning): LoadGenerator {
  const version = spawnSync(path, ['-v'], { encoding: 'utf8' }).stdout;
  return {
    description: /^wrk \S+/.exec(version)?.[0] ?? 'wrk',
    async run({ url, headers, seconds, connections, signal }): Promise<LoadResult> {
      const [program, ...args] = pinning.support([
        path,
        '-t1',
        `-c${connections}`,
        `-d${seconds}s`,
        '--timeout=10s',
        `--script=${SCRIPT}`,
        ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
        url,
      ]);
      const { stdout } = await promisify(execFile)(program, args, { signal });
      return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as LoadResult;
    },
  };
}
