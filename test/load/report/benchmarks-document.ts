import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { REPOSITORY } from '../workspace.ts';

const DOCUMENT = join(REPOSITORY, 'docs', 'benchmarks.md');
const START = '<!-- bench:start -->';
const END = '<!-- bench:end -->';

/** Replaces what is between the markers, or adds them at the end; answers the file's path. */
export async function writeBenchmarksDocument(report: string): Promise<string> {
  const text = await readFile(DOCUMENT, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '# Benchmarks\n';
  });
  await mkdir(dirname(DOCUMENT), { recursive: true });
  await writeFile(DOCUMENT, withSection(text, `${START}\n\n${report.trim()}\n\n${END}`));
  return DOCUMENT;
}

function withSection(text: string, section: string): string {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start === -1 && end === -1) return `${text.trimEnd()}\n\n${section}\n`;
  if (start === -1 || end < start) throw new Error(`${DOCUMENT} has one marker without the other`);
  return text.slice(0, start) + section + text.slice(end + END.length);
}
