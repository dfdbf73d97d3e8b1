import type { Queryable } from '@app/database';
import { PgBoss } from 'pg-boss';
import { bossOptions } from './boss-options.js';

/** Makes the tables of jobs, or brings them up to this version; one process at a time. */
export async function migrateJobs(database: Queryable): Promise<void> {
  const boss = new PgBoss({ ...bossOptions(database), supervise: false, schedule: false });
  await boss.start();
  await boss.stop({ graceful: false });
}
