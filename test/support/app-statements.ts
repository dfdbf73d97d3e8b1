import { Database } from '@app/database';
import { Client } from 'pg';
import type { TestApp } from './test-app.js';

/** Runs a statement on the application's database behind its back. */
export async function sql<Row>(
  { databaseUrl }: Pick<TestApp, 'databaseUrl'>,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(statement, [...parameters])).rows as Row[];
  } finally {
    await client.end();
  }
}

/** Every statement the application runs on its pool while `work` runs; those inside transactions are not seen. */
export async function statementsOf({ app }: Pick<TestApp, 'app'>, work: () => Promise<unknown>): Promise<string[]> {
  const database = app.get(Database);
  const original = database.query.bind(database);
  const statements: string[] = [];
  Object.assign(database, {
    query: (statement: string, parameters?: readonly unknown[]) => {
      statements.push(statement);
      return original(statement, parameters);
    },
  });
  try {
    await work();
  } finally {
    delete (database as Partial<Database>).query;
  }
  return statements;
}
