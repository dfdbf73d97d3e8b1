import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pinning } from '../pinning.ts';
import type { LoadGenerator, LoadResult } from './load-generator.ts';

const SCRIPT = join(import.meta.dirname, 'wrk-report.lua');

/** What `wrk` says it is, or undefined without it. */
export function wrkVersion(): string | undefined {
  const { stdout } = spawnSync('wrk', ['-v'], { encoding: 'utf8' });
  return /^wrk (\S+)/.exec(stdout ?? '')?.[1];
}

export function createWrk(version: string, pinning: Pinning): LoadGenerator {
  return {
    description: `wrk ${version}`,
    async run({ url, headers, seconds, connections, signal }): Promise<LoadResult> {
      const [program, ...args] = pinning.support([
        'wrk',
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
