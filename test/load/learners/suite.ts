import { letLearnersWork, type Learner, type LearnersResult } from '../generators/learners.ts';
import { median } from '../median.ts';
import { describeMachine } from '../report/machine.ts';
import { percent } from '../report/percent.ts';
import { formatTable } from '../report/table.ts';
import { startPostgres, startRedis } from '../servers/databases.ts';
import { startMockingbird } from '../servers/mockingbird.ts';
import type { Suite } from '../suite.ts';
import { enrol } from './enrol.ts';

const FEW = 50;
const LEVELS = [FEW, 500, 5000];
const THINK_MS = 4000;
/** Long enough for each learner of the smallest level to ask several times. */
const SECONDS = 20;
const EXAM = 'reading-mini-1';
const QUESTION_PATHS = Array.from({ length: 12 }, (_, index) => `/api/v1/questions?limit=20&part=${(index % 7) + 1}`);

/** More and more learners take an exam on one instance. */
export const learners: Suite = {
  name: 'learners',
  async run({ options, launch, stack }) {
    const databaseUrl = await startPostgres(launch, stack);
    const env = {
      DATABASE_URL: databaseUrl,
      AUTH_SECRET: 'k'.repeat(48),
      CACHE_TYPE: 'redis',
      REDIS_ADDR: await startRedis(launch, stack),
      // Learners wait for their turn to be measured.
      ACCESS_TOKEN_TTL: '2h',
      SESSION_LIMIT: '1000',
    };
    const { origin } = stack.use(await startMockingbird({ name: 'Mockingbird', env }, launch));
    process.stdout.write(`${LEVELS.at(-1)} learners log in and begin their attempts\n`);
    let everybody: readonly Learner[] = await enrol(LEVELS.at(-1) as number, { origin, databaseUrl, exam: EXAM });
    const results = LEVELS.map((): LearnersResult[] => []);
    for (let round = 0; round <= options.rounds; round += 1) {
      for (const [index, count] of LEVELS.entries()) {
        const request = { origin, exam: EXAM, seconds: SECONDS, thinkMs: THINK_MS, questionPaths: QUESTION_PATHS };
        const result = await letLearnersWork({ ...request, learners: everybody.slice(0, count) }, launch);
        everybody = [...result.learners, ...everybody.slice(count)];
        process.stdout.write(`round ${round}  ${String(count).padStart(4)} learners  ${describe(result)}\n`);
        // The first round warms up.
        if (round > 0) results[index]!.push(result);
      }
    }
    return section(results, [
      ...describeMachine(),
      `Pinning: ${launch.pinning.description}`,
      `Rounds: ${options.rounds} of ${SECONDS} s at each level, interleaved, after one to warm up`,
      'Instance: one, Redis mode, strict access check, Postgres with a pool of 25 connections',
    ]);
  },
};

function describe({ requests, durationSeconds, p50Ms, p99Ms, failures, generatorBusy }: LearnersResult): string {
  const rate = Math.round(requests / durationSeconds);
  return `${rate} requests/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, failures ${JSON.stringify(failures)}, generator ${percent(generatorBusy)} busy`;
}

function section(results: readonly (readonly LearnersResult[])[], conditions: readonly string[]): string {
  const [few] = results;
  const rows = results.map((rounds, level) => {
    const of = (value: (result: LearnersResult) => number) => median(rounds.map(value)).toFixed(1);
    const ratios = rounds.map(({ p99Ms }, round) => p99Ms / (few?.[round]?.p99Ms ?? Number.NaN));
    return [
      String(LEVELS[level]),
      of(({ requests, durationSeconds }) => requests / durationSeconds),
      of(({ p50Ms }) => p50Ms),
      of(({ p99Ms }) => p99Ms),
      level === 0
        ? '1'
        : `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`,
      of(({ p99MsOf }) => p99MsOf.read),
      of(({ p99MsOf }) => p99MsOf.save),
      of(({ p99MsOf }) => p99MsOf.auth),
      String(rounds.flatMap(({ failures }) => Object.values(failures)).reduce((sum, count) => sum + count, 0)),
    ];
  });
  const head = [
    'Learners',
    'requests/s',
    'p50 ms',
    'p99 ms',
    `p99 to that of ${FEW}`,
    'p99 reads',
    'p99 saves',
    'p99 auth',
    'failures',
  ];
  return [
    '## Learners in an exam at the same time',
    `Each has a token, an attempt and a connection of their own, and asks every ${THINK_MS / 1000} s on average (exponentially distributed): 85 % reads (a quarter each: the exam, pages of questions, their attempt, their account), 10 % saves of an answer, 5 % auth (nine refreshes to a login).`,
    formatTable([head, ...rows]),
    'Medians over the rounds; ratios are taken within each round: median (lowest-highest). Failures are those of all rounds.',
    conditions.map((line) => `- ${line}`).join('\n'),
    `\`npm run bench -- learners\`, ${new Date().toISOString().slice(0, 10)}.\n`,
  ].join('\n\n');
}
