import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs a program to its end; its error output is the reason when it fails. */
export async function run(program: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(program, [...args], { maxBuffer: MAX_OUTPUT_BYTES });
}
