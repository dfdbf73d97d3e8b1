import { join } from 'node:path';
import type { Contestant } from '../contestant.ts';
import { refreshAgainAndAgain, type RefreshClient } from '../generators/refresh.ts';
import { describeConditions } from '../report/conditions.ts';
import { formatSection } from '../report/section.ts';
import { runRounds, type Series } from '../rounds.ts';
import { signUp, startBetterAuth } from '../servers/better-auth.ts';
import { startPostgres } from '../servers/databases.ts';
import { LEARNER, startMockingbird } from '../servers/mockingbird.ts';
import { startNodeServer, type NodeServer } from '../servers/node-server.ts';
import type { Suite, SuiteContext } from '../suite.ts';

const BARE_UPDATE = join(import.meta.dirname, '../peers/bare-update/server.ts');

/** Sessions are renewed: against the one statement that it cannot do without, and against better-auth. */
export const refresh: Suite = {
  name: 'refresh',
  async run(context) {
    const { options, launch, generator, stack } = context;
    const databaseUrl = await startPostgres(launch, stack);
    const bare = stack.use(
      await startNodeServer({ name: 'bare UPDATE', script: BARE_UPDATE, env: { DATABASE_URL: databaseUrl } }, launch),
    );
    const env = { DATABASE_URL: databaseUrl, AUTH_SECRET: 'k'.repeat(48), SESSION_LIMIT: '1000' };
    const mockingbird = stack.use(await startMockingbird({ name: 'Mockingbird', env }, launch));
    const betterAuth = stack.use(await startBetterAuth({ name: 'better-auth', databaseUrl, refreshes: true }, launch));
    let row = 0;
    const contestants = [
      refresher(context, bare, '/refresh', async () => ({ refreshToken: String((row += 1) % 1000) })),
      refresher(context, mockingbird, '/api/v1/auth/refresh', () => login(mockingbird)),
      refresher(context, betterAuth, '/api/auth/get-session', async () => ({ cookie: await signUp(betterAuth) })),
    ];
    const load = { generator, seconds: options.seconds, connections: options.connections, signal: launch.signal };
    const series = await runRounds(contestants, { ...options, load });
    const client = { ...generator, description: 'a client of our own on Node, a session for each connection' };
    return formatSection({
      title: 'Refreshing sessions',
      question:
        'Mockingbird changes a refresh token for its successor and signs an access token. The bare UPDATE is Fastify with one UPDATE ... RETURNING by primary key, committed to the disk of the same Postgres. better-auth moves the end of its session (`updateAge: 0`); its token stays the same.',
      series,
      references: [
        { heading: 'to the bare UPDATE', series: series[0] as Series },
        { heading: 'to better-auth', series: series[2] as Series },
      ],
      conditions: describeConditions(
        { ...context, generator: client },
        'All on one Postgres, with pools of 25 connections',
      ),
      command: 'npm run bench -- refresh',
    });
  },
};

function refresher(
  { launch }: SuiteContext,
  { name, pid, origin }: NodeServer,
  path: string,
  begin: () => Promise<RefreshClient>,
): Contestant {
  return {
    name,
    pid,
    prepare: async ({ seconds, connections, signal }) => {
      const clients: RefreshClient[] = [];
      for (let client = 0; client < connections; client += 1) clients.push(await begin());
      const request = { url: origin + path, clients, seconds, connections };
      return () => refreshAgainAndAgain(request, launch.pinning, signal);
    },
  };
}

async function login({ origin }: NodeServer): Promise<RefreshClient> {
  const response = await fetch(`${origin}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(LEARNER),
  });
  const { refreshToken } = (await response.json()) as { refreshToken: string };
  return { refreshToken };
}
