import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pinning } from '../pinning.ts';
import type { LoadGenerator, LoadResult } from './load-generator.ts';

const SCRIPT = join(import.meta.dirname, 'autocannon-child.mjs');

/** In a child process. Written in JavaScript, it tires before bare Fastify does: ratios to that look better than they are. */
export function createAutocannon(pinning: Pinning): LoadGenerator {
  return {
    description: 'autocannon (wrk is not on PATH)',
    async run({ signal, ...request }): Promise<LoadResult> {
      const [program, ...args] = pinning.support([process.execPath, SCRIPT, JSON.stringify(request)]);
      const { stdout } = await promisify(execFile)(program, args, { signal });
      return JSON.parse(stdout) as LoadResult;
    },
  };
}
