import { join } from 'node:path';
import { installPeers, PEERS } from './installed-peers.ts';
import type { LaunchContext } from './launch-context.ts';
import { startNodeServer, type NodeServer } from './node-server.ts';

export interface BetterAuthSettings {
  readonly name: string;
  readonly databaseUrl: string;
  /** Sessions are read from a signed cookie; unless given, from the database. */
  readonly cookieCache?: boolean;
  /** Each use of a session refreshes it. */
  readonly refreshes?: boolean;
}

export async function startBetterAuth(
  { name, databaseUrl, cookieCache = false, refreshes = false }: BetterAuthSettings,
  context: LaunchContext,
): Promise<NodeServer> {
  await installPeers();
  return startNodeServer(
    {
      name,
      script: join(PEERS, 'better-auth/server.mjs'),
      env: {
        NODE_ENV: 'production',
        DATABASE_URL: databaseUrl,
        COOKIE_CACHE: cookieCache ? 'on' : 'off',
        ...(refreshes ? { UPDATE_AGE: '0' } : {}),
      },
    },
    context,
  );
}

/** Signs somebody new up, and gives the cookie of the session. */
export async function signUp({ origin }: Pick<NodeServer, 'origin'>): Promise<string> {
  const response = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email: `${crypto.randomUUID()}@example.com`, password: 'plum-kettle-94', name: 'Bench' }),
  });
  if (!response.ok) throw new Error(`better-auth answered ${response.status}: ${await response.text()}`);
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] as string);
  return cookies.join('; ');
}
