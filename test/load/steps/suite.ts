import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pageReader, saysHit } from '../cached-read/page.ts';
import { measure } from '../measure.ts';
import { describeConditions } from '../report/conditions.ts';
import { percent } from '../report/percent.ts';
import { formatTable } from '../report/table.ts';
import { bearerLogin } from '../servers/bearer-login.ts';
import { startPostgres, startRedis } from '../servers/databases.ts';
import { LEARNER, startMockingbird } from '../servers/mockingbird.ts';
import type { Suite, SuiteContext } from '../suite.ts';
import { stepsOf, type StepTime } from './profile.ts';

/** Of the end of the process, after the load. */
const STOPPING_SECONDS = 1;
const INTERVAL_MICROS = 200;

/** Where the time of a cached read goes. */
export const steps: Suite = {
  name: 'steps',
  async run(context) {
    const databaseUrl = await startPostgres(context.launch, context.stack);
    const redis = { CACHE_TYPE: 'redis', REDIS_ADDR: await startRedis(context.launch, context.stack) };
    const memory = await profile(context, 'memory', { DATABASE_URL: databaseUrl });
    const shared = await profile(context, 'redis', { DATABASE_URL: databaseUrl, ...redis });
    const names = [...new Set([...memory, ...shared].map(({ step }) => step))];
    return [
      '## Where the time of a cached read goes',
      'Samples of the main thread while the authenticated page of 20 questions is read from the cache, each counted under its innermost frame that has a place here.',
      formatTable([
        ['Step', 'memory', 'Redis'],
        ...names.map((name) => [name, shareOf(memory, name), shareOf(shared, name)]),
      ]),
      describeConditions(context, `Profiler: --cpu-prof, a sample every ${INTERVAL_MICROS} µs; Postgres beside it`)
        .filter((line) => !line.startsWith('Rounds'))
        .map((line) => `- ${line}`)
        .join('\n'),
      `\`npm run bench -- steps\`, ${new Date().toISOString().slice(0, 10)}.\n`,
    ].join('\n\n');
  },
};

function shareOf(all: readonly StepTime[], name: string): string {
  return percent(all.find(({ step }) => step === name)?.share ?? 0);
}

async function profile(
  { options, launch, generator }: SuiteContext,
  mode: string,
  env: Record<string, string>,
): Promise<StepTime[]> {
  const folder = join(launch.folder, `profile-${mode}`);
  await mkdir(folder);
  const profiling = `--cpu-prof --cpu-prof-dir=${folder} --cpu-prof-interval=${INTERVAL_MICROS}`;
  const settings = { AUTH_SECRET: 'k'.repeat(48), NODE_OPTIONS: profiling, ...env };
  const server = await startMockingbird({ name: `profiled-${mode}`, env: settings }, launch);
  try {
    const page = { ...server, authorize: () => bearerLogin(server.origin, LEARNER), isCacheHit: saysHit };
    const load = { generator, connections: options.connections, signal: launch.signal };
    await measure(pageReader(page), { ...load, seconds: options.warmupSeconds });
    await measure(pageReader(page), { ...load, seconds: options.seconds + STOPPING_SECONDS });
  } finally {
    await server[Symbol.asyncDispose]();
  }
  return stepsOf(folder, server.pid, options.seconds);
}
