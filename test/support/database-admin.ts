import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/**
 * Creates a database of a unique name on the server behind `serverUrl` and answers its address.
 * `template` is the name or the address of a database nobody is connected to; empty unless given.
 */
export async function createDatabase(serverUrl: string, template = 'template0'): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(serverUrl, `CREATE DATABASE "${name}" TEMPLATE "${databaseName(template)}"`);
  return withDatabase(serverUrl, name);
}

/** Drops the database, disconnecting whoever still uses it. One that is gone is not an error. */
export async function dropDatabase(serverUrl: string, databaseUrl: string): Promise<void> {
  const name = databaseName(databaseUrl);
  await execute(serverUrl, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}

export function withDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

function databaseName(nameOrUrl: string): string {
  return nameOrUrl.includes('://') ? new URL(nameOrUrl).pathname.slice(1) : nameOrUrl;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 30_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
