import { join } from 'node:path';
import type { Pinning } from '../pinning.ts';

/** What every server of one run is started with. */
export interface LaunchContext {
  readonly pinning: Pinning;
  /** The folder of this run. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** The environment every server gets before its own settings. */
export function plainEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: process.env['HOME'] ?? '/tmp' };
}

export function logFileOf({ folder }: LaunchContext, name: string): string {
  return join(folder, `${name.replaceAll(/\W+/g, '-').toLowerCase()}.log`);
}
