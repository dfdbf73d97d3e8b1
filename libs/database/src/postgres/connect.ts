import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseOptions } from '../database.options.js';
import { meansDatabaseUnavailable } from '../unavailable-causes.js';
import { createDataSource } from './data-source.js';
import { PostgresDatabase } from './postgres-database.js';

const RETRY_DELAY_MS = 500;
const GIVE_UP_AFTER_MS = 30_000;

/** Connects, waiting up to 30 s for a Postgres that is still starting. `onRetry` hears why each attempt failed. */
export async function connect(options: DatabaseOptions, onRetry: (reason: string) => void): Promise<PostgresDatabase> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const dataSource = createDataSource(options);
    try {
      await dataSource.initialize();
      return new PostgresDatabase(dataSource, 'url' in options.address);
    } catch (error) {
      if (!meansDatabaseUnavailable(error) || Date.now() > deadline) throw error;
      onRetry((error as Error).message);
      await sleep(RETRY_DELAY_MS);
    }
  }
}
