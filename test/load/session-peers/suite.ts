import type { Contestant } from '../contestant.ts';
import { describeConditions } from '../report/conditions.ts';
import { formatSection } from '../report/section.ts';
import { runRounds, type Series } from '../rounds.ts';
import { bearerLogin } from '../servers/bearer-login.ts';
import { signUp, startBetterAuth } from '../servers/better-auth.ts';
import { startPostgres, startRedis } from '../servers/databases.ts';
import { LEARNER, startMockingbird } from '../servers/mockingbird.ts';
import type { NodeServer } from '../servers/node-server.ts';
import type { Suite } from '../suite.ts';

/** Who am I: the session is checked and the user is answered. */
export const sessionPeers: Suite = {
  name: 'session-peers',
  async run(context) {
    const { options, launch, generator, stack } = context;
    const databaseUrl = await startPostgres(launch, stack);
    const shared = { DATABASE_URL: databaseUrl, AUTH_SECRET: 'k'.repeat(48) };
    const redis = { TOKEN_STORE: 'redis', REDIS_ADDR: await startRedis(launch, stack) };
    const mockingbird = async (what: string, env: Record<string, string>) => {
      const name = `Mockingbird (${what})`;
      const server = stack.use(await startMockingbird({ name, env: { ...shared, ...env } }, launch));
      return whoAmI(server, '/api/v1/users/me', () => bearerLogin(server.origin, LEARNER));
    };
    const betterAuth = async (what: string, cookieCache: boolean) => {
      const name = `better-auth (${what})`;
      const server = stack.use(await startBetterAuth({ name, databaseUrl, cookieCache }, launch));
      return whoAmI(server, '/api/auth/get-session', async () => ({ cookie: await signUp(server) }));
    };
    const contestants = [
      await betterAuth('database', false),
      await betterAuth('cookie cache', true),
      await mockingbird('strict, memory', {}),
      await mockingbird('strict, Redis', redis),
      await mockingbird('streamed', { ACCESS_CHECK: 'streamed', ...redis }),
    ];
    const load = { generator, seconds: options.seconds, connections: options.connections, signal: launch.signal };
    const series = await runRounds(contestants, { ...options, load });
    return formatSection({
      title: 'Session check, with better-auth as a peer',
      question:
        'A request that tells who is logged in. With its cookie cache better-auth asks nobody, and a session that was revoked stays good until the cookie expires; Mockingbird accepts no revoked session in any of its modes.',
      series,
      references: [
        { heading: 'to better-auth (database)', series: series[0] as Series },
        { heading: 'to better-auth (cookie cache)', series: series[1] as Series },
      ],
      conditions: describeConditions(context, 'All on one Postgres, with pools of 25 connections'),
      command: 'npm run bench -- session-peers',
    });
  },
};

function whoAmI(server: NodeServer, path: string, authorize: () => Promise<Record<string, string>>): Contestant {
  return {
    name: server.name,
    pid: server.pid,
    prepare: async ({ generator, ...load }) => {
      const headers = await authorize();
      const url = server.origin + path;
      const text = await (await fetch(url, { headers })).text();
      if (!text.includes('@example.com')) throw new Error(`${server.name} does not know who asks: ${text}`);
      return async () => {
        const result = await generator.run({ url, headers, ...load });
        if (result.bytes < result.requests * text.length) throw new Error(`${server.name} did not always say who asks`);
        return result;
      };
    },
  };
}
