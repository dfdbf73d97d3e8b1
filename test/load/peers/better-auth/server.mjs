/**
 * better-auth as its documentation shows it, on Node's own HTTP server. `COOKIE_CACHE=on`: sessions are read from a
 * signed cookie, and one that was revoked stays good until it expires. `UPDATE_AGE=0`: each use refreshes the session.
 */
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';

const { DATABASE_URL, PORT, COOKIE_CACHE, UPDATE_AGE } = process.env;

const auth = betterAuth({
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: 'k'.repeat(48),
  database: new pg.Pool({ connectionString: DATABASE_URL, max: 25 }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  session: {
    cookieCache: { enabled: COOKIE_CACHE === 'on', maxAge: 3600 },
    ...(UPDATE_AGE === undefined ? {} : { updateAge: Number(UPDATE_AGE) }),
  },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();

const handle = toNodeHandler(auth);
const server = createServer((request, response) => {
  if (request.url === '/health/ready') response.end('ready');
  else void handle(request, response);
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
