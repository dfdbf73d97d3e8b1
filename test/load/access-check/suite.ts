import { join } from 'node:path';
import { pageReader, saysHit, type PageServer } from '../cached-read/page.ts';
import { describeConditions } from '../report/conditions.ts';
import { formatSection } from '../report/section.ts';
import { runRounds, type Series } from '../rounds.ts';
import { bearerLogin } from '../servers/bearer-login.ts';
import { startPostgres, startRedis } from '../servers/databases.ts';
import { LEARNER, startMockingbird, type MockingbirdSettings } from '../servers/mockingbird.ts';
import type { Suite } from '../suite.ts';

const UNCHECKED = join(import.meta.dirname, '../peers/without-access-check/server.ts');

/** What it costs to know, for each request, that its session has not ended. */
export const accessCheck: Suite = {
  name: 'access-check',
  async run(context) {
    const { options, launch, generator, stack } = context;
    const servers = { DATABASE_URL: await startPostgres(launch, stack), AUTH_SECRET: 'k'.repeat(48) };
    const redis = { TOKEN_STORE: 'redis', REDIS_ADDR: await startRedis(launch, stack) };
    const start = async ({ name, env, ...settings }: MockingbirdSettings): Promise<PageServer> => {
      const server = stack.use(await startMockingbird({ name, env: { ...servers, ...env }, ...settings }, launch));
      return { ...server, authorize: () => bearerLogin(server.origin, LEARNER), isCacheHit: saysHit };
    };
    const contestants = [
      await start({ name: 'no check', script: UNCHECKED }),
      await start({ name: 'strict, memory' }),
      await start({ name: 'strict, Redis', env: redis }),
      await start({ name: 'streamed', env: { ACCESS_CHECK: 'streamed', ...redis } }),
    ].map(pageReader);
    const load = { generator, seconds: options.seconds, connections: options.connections, signal: launch.signal };
    const series = await runRounds(contestants, { ...options, load });
    return formatSection({
      title: 'Access check of a request',
      question:
        'The cached page again, with the cache and the limits in memory: how a request learns that its session is in force. Without a check, a logout would hold nowhere until the token expires.',
      series,
      references: [{ heading: 'to no check', series: series[0] as Series }],
      conditions: describeConditions(context),
      command: 'npm run bench -- access-check',
    });
  },
};
