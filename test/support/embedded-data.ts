import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltProduct } from './built-product.js';

/** Data folders as a first start leaves them: making one takes the embedded database seconds, copying it does not. */
export class EmbeddedData {
  private readonly copies: string[] = [];

  private constructor(private readonly template: string) {}

  /** @param environment of that first start */
  static async prepare(environment: Readonly<Record<string, string>>): Promise<EmbeddedData> {
    const template = await newFolder();
    const product = await BuiltProduct.start({ ...environment, PORT: '0', DATA_DIR: template });
    product.signal('SIGTERM');
    await product.exitCode();
    return new EmbeddedData(template);
  }

  /** A folder of the caller's own. */
  async copy(): Promise<string> {
    const folder = await newFolder();
    this.copies.push(folder);
    await cp(this.template, folder, { recursive: true });
    return folder;
  }

  async remove(): Promise<void> {
    const folders = [this.template, ...this.copies];
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'mockingbird-data-'));
}
