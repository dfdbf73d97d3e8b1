import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pinning } from '../pinning.ts';
import type { LoadResult } from './load-generator.ts';

const SCRIPT = join(import.meta.dirname, 'refresh-child.mjs');

/** What a client begins with: a token that it posts and gets a successor of, or a cookie that stays. */
export type RefreshClient = { readonly refreshToken: string } | { readonly cookie: string };

export interface RefreshRequest {
  readonly url: string;
  readonly clients: readonly RefreshClient[];
  readonly seconds: number;
  readonly connections: number;
}

/** Every client refreshes its session, and as soon as it has an answer again. */
export async function refreshAgainAndAgain(
  request: RefreshRequest,
  pinning: Pinning,
  signal: AbortSignal,
): Promise<LoadResult> {
  const [program, ...args] = pinning.support([process.execPath, SCRIPT, JSON.stringify(request)]);
  const { stdout } = await promisify(execFile)(program, args, { signal });
  return JSON.parse(stdout) as LoadResult;
}
