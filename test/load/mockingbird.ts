/** How Mockingbird is started and asked: the only file of the benchmark that knows its settings. */
import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { headerOf, type RecordedResponse } from './recorded-response.ts';
import { bearerLogin } from './servers/bearer-login.ts';
import type { LaunchContext } from './servers/launch-context.ts';
import { startNodeTarget, type RunningTarget } from './servers/running-target.ts';
import { REPOSITORY } from './workspace.ts';

export interface MockingbirdOptions {
  /** The built entry file, relative to the repository. */
  readonly entry: string;
  readonly account: { readonly email: string; readonly password: string };
  /** host:port of a Redis; in memory without. */
  readonly redisAddress?: string;
}

/** Rate limiting stays on: its work is part of what is measured. It only never refuses. */
const LIMITS_OUT_OF_REACH = {
  RATE_LIMIT_ENABLED: 'true',
  RATE_LIMIT_REQUESTS: '1000000',
  RATE_LIMIT_BURST: '1000000',
  AUTH_RATE_LIMIT_REQUESTS: '1000000',
  AUTH_RATE_LIMIT_BURST: '1000000',
};

export async function startMockingbird(
  { entry, account, redisAddress }: MockingbirdOptions,
  context: LaunchContext,
): Promise<RunningTarget> {
  const mode = redisAddress === undefined ? 'memory' : 'redis';
  const script = resolve(REPOSITORY, entry);
  await access(script).catch(() => {
    throw new Error(`${script} is not built: npm run build first, or measure with --peers-only`);
  });
  const dataFolder = join(context.folder, `data-${mode}`);
  await mkdir(dataFolder);
  return startNodeTarget(
    {
      name: `Mockingbird (${mode})`,
      script,
      env: {
        NODE_ENV: 'development',
        DATA_DIR: dataFolder,
        CACHE_TYPE: mode,
        ...(redisAddress === undefined ? {} : { REDIS_ADDR: redisAddress }),
        ...LIMITS_OUT_OF_REACH,
      },
      authorize: (origin) => bearerLogin(origin, account),
      isCacheHit,
    },
    context,
  );
}

/** RFC 9211: the parameter `hit`, in any of the caches listed. */
function isCacheHit(response: RecordedResponse): boolean {
  return /;\s*hit\b/.test(headerOf(response, 'cache-status') ?? '');
}
