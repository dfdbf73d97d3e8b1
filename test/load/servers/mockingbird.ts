/** How Mockingbird is started and asked: the only file of the benchmarks that knows its settings. */
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../workspace.ts';
import { logFileOf, type LaunchContext } from './launch-context.ts';
import { startNodeServer, type NodeServer } from './node-server.ts';

export const LEARNER = { email: 'learner@example.com', password: 'learner-demo-2026' };

export interface MockingbirdSettings {
  readonly name: string;
  /** Further variables of its environment. */
  readonly env?: Record<string, string>;
  /** Another program that starts it; the product's own unless given. */
  readonly script?: string;
}

const BUILT = join(REPOSITORY, 'dist/apps/api/src/main.js');

/** Rate limiting stays on: its work is part of what is measured. It only never refuses. */
const LIMITS_OUT_OF_REACH = {
  RATE_LIMIT_ENABLED: 'true',
  RATE_LIMIT_REQUESTS: '1000000',
  RATE_LIMIT_BURST: '1000000',
  AUTH_RATE_LIMIT_REQUESTS: '1000000',
  AUTH_RATE_LIMIT_BURST: '1000000',
  AUTH_ADDRESS_RATE_LIMIT_REQUESTS: '1000000',
  AUTH_ADDRESS_RATE_LIMIT_BURST: '1000000',
};

/** With memory stores and its embedded database, unless `env` says otherwise. */
export async function startMockingbird(
  { name, env = {}, script = BUILT }: MockingbirdSettings,
  context: LaunchContext,
): Promise<NodeServer> {
  await access(BUILT).catch(() => {
    throw new Error(`${BUILT} is not built: npm run build first, or measure with --peers-only`);
  });
  const dataFolder = logFileOf(context, name).replace(/\.log$/, '-data');
  await mkdir(dataFolder);
  return startNodeServer(
    {
      name,
      script,
      env: { NODE_ENV: 'development', DATA_DIR: dataFolder, LOG_LEVEL: 'info', ...LIMITS_OUT_OF_REACH, ...env },
    },
    context,
  );
}
