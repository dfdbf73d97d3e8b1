import { Database } from '@app/database';
import type { TestApp } from './test-app.js';

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
