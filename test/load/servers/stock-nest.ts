import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileStockNest } from './compile-stock-nest.ts';
import type { LaunchContext } from './launch-context.ts';
import { startNodeServer, type NodeServer } from './node-server.ts';

export interface StockNestOptions {
  readonly page: Buffer;
  /**
   * `ThrottlerGuard` filters a log of every hit of the window on each request. A limit in use keeps
   * that log short; a single client under a limit it never reaches makes it endless, and with the
   * usual minute the benchmark would measure little else. A window of some 100 hits is what
   * an ordinary limit (100 a minute) costs.
   */
  readonly throttleWindowMs: number;
}

/** Nest as its documentation shows it, on Express. */
export async function startStockNest(
  { page, throttleWindowMs }: StockNestOptions,
  context: LaunchContext,
): Promise<NodeServer> {
  const pageFile = join(context.folder, 'page.json');
  await writeFile(pageFile, page);
  return startNodeServer(
    {
      name: 'stock Nest',
      script: await compileStockNest(context.folder),
      env: {
        NODE_ENV: 'production',
        PAGE_FILE: pageFile,
        JWT_SECRET: randomBytes(32).toString('hex'),
        THROTTLE_WINDOW_MS: String(throttleWindowMs),
      },
    },
    context,
  );
}
