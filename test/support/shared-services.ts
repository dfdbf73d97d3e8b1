/** Where the global setup tells the specs about the servers they share. */
export const DATABASE_URL_VARIABLE = 'TEST_DATABASE_URL';
export const REDIS_ADDR_VARIABLE = 'TEST_REDIS_ADDR';

/** The shared Postgres server, as superuser. For a database of one's own see `freshDatabase()`. */
export function sharedDatabaseUrl(): string {
  return fromGlobalSetup(DATABASE_URL_VARIABLE);
}

/** The shared Redis server. Everyone writes to it: use keys of your own, or `freshRedis()`. */
export function sharedRedisAddr(): string {
  return fromGlobalSetup(REDIS_ADDR_VARIABLE);
}

function fromGlobalSetup(variable: string): string {
  const value = process.env[variable];
  if (value) return value;
  throw new Error(`${variable} is not set: Jest must run with globalSetup test/support/jest-global-setup.ts.`);
}
