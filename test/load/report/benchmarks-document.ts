import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../workspace.ts';

const DOCUMENT = join(REPOSITORY, 'docs', 'benchmarks.md');

/** Replaces what is between a suite's markers, or adds it at the end; answers the file's path. */
export async function writeSection(suite: string, section: string): Promise<string> {
  const text = await readFile(DOCUMENT, 'utf8');
  await writeFile(DOCUMENT, withSection(text, suite, section.trim()));
  return DOCUMENT;
}

function withSection(text: string, suite: string, section: string): string {
  const [open, close] = [`<!-- bench:${suite}:start -->`, `<!-- bench:${suite}:end -->`];
  const marked = `${open}\n\n${section}\n\n${close}`;
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start === -1 && end === -1) return `${text.trimEnd()}\n\n${marked}\n`;
  if (start === -1 || end < start) throw new Error(`${DOCUMENT} has one marker of ${suite} without the other`);
  return text.slice(0, start) + marked + text.slice(end + close.length);
}
