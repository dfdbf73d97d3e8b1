import { pageReader, saysHit, type PageServer } from '../cached-read/page.ts';
import { median } from '../median.ts';
import { describeConditions } from '../report/conditions.ts';
import { percent } from '../report/percent.ts';
import { formatTable } from '../report/table.ts';
import { runRounds, type Series } from '../rounds.ts';
import { bearerLogin } from '../servers/bearer-login.ts';
import { startPostgres, startRedis } from '../servers/databases.ts';
import { LEARNER, startMockingbird } from '../servers/mockingbird.ts';
import type { Suite, SuiteContext } from '../suite.ts';
import { acceptedAfterLogout, seenAfterWrite } from './across.ts';
import { measureHitRate, type HitRate } from './hit-rate.ts';
import { startPair, type Pair } from './pair.ts';
import { usersAt } from './users-at.ts';

/** Few, so that it is the time of an answer and not of a queue. */
const CONNECTIONS = 4;
const LIMIT_MS = 100;
const PATH = '/api/v1/questions?limit=20';

interface Modes<Value> {
  readonly none: Value;
  readonly memory: Value;
  readonly redis: Value;
}

/** What a cache is worth, and what it is worth that two instances share it. */
export const twoInstances: Suite = {
  name: 'two-instances',
  async run(context) {
    const { launch, stack } = context;
    const servers = { DATABASE_URL: await startPostgres(launch, stack), AUTH_SECRET: 'k'.repeat(48) };
    const redis = { CACHE_TYPE: 'redis', REDIS_ADDR: await startRedis(launch, stack) };
    const shared = await inPair(context, 'shared', { ...servers, ...redis });
    const apart = await inPair(context, 'apart', servers);
    // A tenth of what each of the instances without Redis needed.
    const small = { CACHE_MAX_MEMORY: String(Math.round(apart.rate.localBytes / 10)) };
    const little = await inPair(context, 'little', { ...servers, ...redis, ...small }, false);
    const single = await singleInstances(context, servers, redis);
    return section(context, { apart, shared, little, ...single });
  },
};

interface PairResult {
  readonly rate: HitRate;
  readonly logout: string;
  readonly write: string;
}

async function inPair(
  { launch }: SuiteContext,
  name: string,
  env: Record<string, string>,
  across = true,
): Promise<PairResult> {
  process.stdout.write(`two instances, ${name}\n`);
  await using pair: Pair = await startPair(name, env, launch);
  const rate = await measureHitRate(pair);
  const result = across
    ? { rate, logout: await acceptedAfterLogout(pair), write: await seenAfterWrite(pair) }
    : { rate, logout: '', write: '' };
  process.stdout.write(`  ${JSON.stringify(result)}\n`);
  return result;
}

async function singleInstances(
  { options, launch, generator, stack }: SuiteContext,
  servers: Record<string, string>,
  redis: Record<string, string>,
): Promise<{ readonly series: readonly Series[]; readonly users: Modes<number> }> {
  const start = async (name: string, env: Record<string, string>): Promise<PageServer> => {
    const server = stack.use(await startMockingbird({ name, env: { ...servers, ...env } }, launch));
    // Without a cache no answer says that it comes from one.
    const isCacheHit = name === 'no cache' ? () => true : saysHit;
    return { ...server, authorize: () => bearerLogin(server.origin, LEARNER), isCacheHit };
  };
  const instances = [
    await start('no cache', { CACHE_ENABLED: 'false' }),
    await start('memory', {}),
    await start('Redis', redis),
  ] as const;
  const load = { generator, seconds: options.seconds, connections: CONNECTIONS, signal: launch.signal };
  const series = await runRounds(instances.map(pageReader), { ...options, load });
  const users: number[][] = [[], [], []];
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [index, instance] of instances.entries()) {
      const count = await usersAt(
        LIMIT_MS,
        { url: instance.origin + PATH, headers: await instance.authorize() },
        { generator, ...launch },
      );
      users[index]?.push(count);
      process.stdout.write(`users ${round + 1}  ${instance.name.padEnd(10)} ${count}\n`);
    }
  }
  const [none, memory, redisUsers] = users.map(median) as [number, number, number];
  return { series, users: { none, memory, redis: redisUsers } };
}

function section(
  context: SuiteContext,
  results: {
    readonly apart: PairResult;
    readonly shared: PairResult;
    readonly little: PairResult;
    readonly series: readonly Series[];
    readonly users: Modes<number>;
  },
): string {
  const { apart, shared, little, series, users } = results;
  const [none, memory, redis] = series as [Series, Series, Series];
  const rateOf = ({ rate: { hits, requests } }: PairResult) => `${((hits / requests) * 100).toFixed(1)} %`;
  const memoryOf = ({ rate }: PairResult) =>
    `${(rate.localBytes / 1e6).toFixed(2)} MB, ${rateOf({ rate } as PairResult)}`;
  const rows = [
    ['', 'no cache', 'memory', 'Redis'],
    ['Time of an answer, p50 / p99 ms', ms(none), ms(memory), ms(redis)],
    ['Faster than without, p50', '', fewer(none, memory), fewer(none, redis)],
    [
      `Users at a p99 of ${LIMIT_MS} ms`,
      String(users.none),
      times(users.memory, users.none),
      times(users.redis, users.none),
    ],
    ['Hit rate of two instances, from cold', '', rateOf(apart), rateOf(shared)],
    ['Memory of an instance, hit rate', '', memoryOf(apart), memoryOf(little)],
    ['Accepted on B after a logout on A', '', apart.logout, shared.logout],
    ['Seen on B after a write on A', '', apart.write, shared.write],
  ];
  return [
    '## With a cache, and shared by two instances',
    'The claims that this product began with (40 % faster, five times the users, reliable invalidation), measured. The page of 20 questions, read by somebody logged in. Two instances that share a Postgres but keep cache and tokens in memory are what nobody should run: they show what sharing is for.',
    formatTable(rows),
    `Medians over the rounds. Hit rate: ${shared.rate.requests} reads of 420 pages, Zipf-distributed, in turn on both. Memory with Redis: \`CACHE_MAX_MEMORY\` is a tenth of what an instance without needed.`,
    describeConditions(
      context,
      `Times with ${CONNECTIONS} connections; users are connections kept busy, the most at which the p99 held`,
    )
      .map((line) => `- ${line}`)
      .join('\n'),
    `\`npm run bench -- two-instances\`, ${new Date().toISOString().slice(0, 10)}.\n`,
  ].join('\n\n');
}

function fewer(reference: Series, series: Series): string {
  const shares = series.results.map(({ p50Ms }, round) => 1 - p50Ms / (reference.results[round]?.p50Ms ?? Number.NaN));
  return percent(median(shares));
}

function times(users: number, reference: number): string {
  return reference === 0 ? String(users) : `${users} (${(users / reference).toFixed(1)} times)`;
}

function ms({ results: rounds }: Series): string {
  return `${median(rounds.map(({ p50Ms }) => p50Ms)).toFixed(2)} / ${median(rounds.map(({ p99Ms }) => p99Ms)).toFixed(2)}`;
}
