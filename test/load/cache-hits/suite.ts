import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contestant } from '../contestant.ts';
import type { LoadResult } from '../generators/load-generator.ts';
import { describeMachine } from '../report/machine.ts';
import { formatSection } from '../report/section.ts';
import { runRounds, type Series } from '../rounds.ts';
import { startRedis } from '../servers/databases.ts';
import { installPeers } from '../servers/installed-peers.ts';
import type { Suite, SuiteContext } from '../suite.ts';
import { REPOSITORY } from '../workspace.ts';

const PROGRAM = join(import.meta.dirname, '../peers/cache-hits/measure.mjs');
const IN_MEMORY = ['lru-cache', 'cache-manager', 'cacheable', 'bentocache', 'Mockingbird, in memory'];
const IN_REDIS = [
  'ioredis GET',
  'ioredis GET, JSON.parse',
  'Mockingbird, bytes in Redis',
  'Mockingbird, value in Redis',
];
/** Reads at the same time: one by one in memory, and as many as a busy instance has in Redis. */
const READERS_OF_REDIS = 32;

/** What a hit costs in the memory of the process, and in Redis. */
export const cacheHits: Suite = {
  name: 'cache-hits',
  async run(context) {
    await installPeers();
    const redisAddr = await startRedis(context.launch, context.stack);
    const memory = await hits(context, IN_MEMORY, { readers: 1, redisAddr });
    const redis = await hits(context, IN_REDIS, { readers: READERS_OF_REDIS, redisAddr });
    const { rounds, seconds } = context.options;
    const conditions = [
      ...describeMachine(),
      'Versions: bentocache 1.6.1, cache-manager 7.2.9, cacheable 2.5.0; lru-cache and ioredis are the product’s own',
      `Pinning: ${context.launch.pinning.description}; each measurement in a process of its own`,
      `Rounds: ${rounds} of ${seconds} s each, interleaved; 1000 keys of about 1 KB`,
    ];
    const command = 'npm run bench -- cache-hits';
    return [
      formatSection({
        title: 'A hit in memory',
        question:
          'One read after the other, each awaited where the cache is asynchronous. lru-cache is a bare map with a bound; the others have a loader, tags or layers. Mockingbird checks that nothing it depends on was invalidated on any instance.',
        unit: 'hits/s',
        series: memory,
        references: memory.map((series) => ({ heading: `to ${series.name}`, series })).slice(0, -1),
        conditions,
        command,
      }),
      formatSection({
        title: 'A hit in Redis',
        question: `${READERS_OF_REDIS} reads at the same time on one connection. A GET gives bytes; Mockingbird reads an entry and the versions of its tags, and compares them.`,
        unit: 'hits/s',
        series: redis,
        references: redis.slice(0, 2).map((series) => ({ heading: `to ${series.name}`, series })),
        conditions,
        command,
      }),
    ].join('\n');
  },
};

function hits(
  { options, launch, generator }: SuiteContext,
  names: readonly string[],
  { readers, redisAddr }: { readonly readers: number; readonly redisAddr: string },
): Promise<Series[]> {
  const contestants = names.map((name): Contestant => ({
    name,
    pid: Number.NaN,
    prepare: async ({ seconds, signal }) => {
      const [program, ...args] = launch.pinning.server([
        process.execPath,
        PROGRAM,
        name,
        String(seconds),
        String(readers),
      ]);
      const env = { ...process.env, REPOSITORY, REDIS_ADDR: redisAddr };
      return async () => {
        const { stdout } = await promisify(execFile)(program, args, { signal, env });
        // Before it the product may have said something.
        return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as LoadResult;
      };
    },
  }));
  const load = { generator, seconds: options.seconds, connections: readers, signal: launch.signal };
  return runRounds(contestants, { ...options, warmupSeconds: 1, load });
}
