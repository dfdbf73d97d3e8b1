import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './eventually.js';

export interface WrittenLetter {
  readonly id: string;
  readonly sentAt: string;
  readonly from: string;
  readonly to: { readonly address: string; readonly name?: string };
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

/** The letters an installation without a mail server has written. */
export class Outbox {
  readonly folder: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'outbox');
  }

  /** Oldest first; only those to `address` if given. */
  async letters(address?: string): Promise<WrittenLetter[]> {
    const names = await readdir(this.folder).catch(() => []);
    const files = names.filter((name) => name.endsWith('.json')).toSorted();
    const letters = await Promise.all(files.map((name) => readFile(join(this.folder, name), 'utf8')));
    return letters
      .map((text) => JSON.parse(text) as WrittenLetter)
      .filter(({ to }) => address === undefined || to.address === address);
  }

  /** Waits for a letter to `address` whose subject matches; the newest if there are several. */
  letter(address: string, subject: RegExp, withinMs = 10_000): Promise<WrittenLetter> {
    return eventually(async () => {
      const letters = await this.letters(address);
      const found = letters.findLast((each) => subject.test(each.subject));
      if (found === undefined) throw new Error(`Letters: ${letters.map((each) => each.subject).join(', ')}`);
      return found;
    }, withinMs);
  }
}

/** The one-time token in a letter's link. */
export function tokenIn({ text }: Pick<WrittenLetter, 'text'>): string {
  const [, token] = /#token=([\w-]+)/.exec(text) ?? [];
  if (token === undefined) throw new Error(`No token in: ${text}`);
  return token;
}
