import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transformFile } from '@swc/core';

const SOURCE = join(import.meta.dirname, '../peers/stock-nest');

/** Compiles the stock application, decorators and their metadata included; answers its entry file. */
export async function compileStockNest(folder: string): Promise<string> {
  const output = join(folder, 'stock-nest');
  await mkdir(output, { recursive: true });
  const sources = (await readdir(SOURCE)).filter((name) => name.endsWith('.ts'));
  await Promise.all(
    sources.map(async (name) => {
      const { code } = await transformFile(join(SOURCE, name), {
        configFile: false,
        swcrc: false,
        module: { type: 'es6' },
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      });
      await writeFile(join(output, name.replace(/\.ts$/, '.js')), code);
    }),
  );
  return join(output, 'main.js');
}
