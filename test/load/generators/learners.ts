import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LaunchContext } from '../servers/launch-context.ts';

const SCRIPT = join(import.meta.dirname, 'learners-child.mjs');
/** What is printed: the tokens of thousands of learners. */
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Somebody in the middle of an exam. */
export interface Learner {
  readonly email: string;
  readonly password: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly attempt: { readonly id: string; readonly revision: number; readonly questions: number };
}

export interface LearnersRequest {
  readonly origin: string;
  /** The slug of the exam that all of them take. */
  readonly exam: string;
  readonly learners: readonly Learner[];
  readonly seconds: number;
  /** Mean time of a learner between an answer and the next request. */
  readonly thinkMs: number;
  readonly questionPaths: readonly string[];
}

export interface LearnersResult {
  readonly requests: number;
  readonly durationSeconds: number;
  /** How many by kind and status. */
  readonly failures: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p99MsOf: Readonly<Record<'read' | 'save' | 'auth', number>>;
  readonly generatorBusy: number;
  /** With the tokens and revisions that they have now. */
  readonly learners: readonly Learner[];
}

/** 85 % reads, 10 % saves, 5 % auth (nine refreshes to a login), each learner on a connection of their own. */
export async function letLearnersWork(request: LearnersRequest, context: LaunchContext): Promise<LearnersResult> {
  const { pinning, folder, signal } = context;
  const file = join(folder, 'learners.json');
  await writeFile(file, JSON.stringify(request));
  const [program, ...args] = pinning.support([process.execPath, SCRIPT, file]);
  const { stdout } = await promisify(execFile)(program, args, { signal, maxBuffer: MOST_OUTPUT_BYTES });
  return JSON.parse(stdout) as LearnersResult;
}
