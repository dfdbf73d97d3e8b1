import type { Queryable } from '@app/database';
import type { ConstructorOptions, Db } from 'pg-boss';

/** Tables of jobs are apart from the product's own. */
export const SCHEMA = 'jobs';

/** What one process asks of the database at rest is kept small: the embedded one shares its cores. */
const INTERVALS = {
  superviseIntervalSeconds: 15,
  // Less than the interval above: a timer that is a little early would skip a turn.
  monitorIntervalSeconds: 10,
  maintenanceIntervalSeconds: 3600,
  cronMonitorIntervalSeconds: 30,
  cronWorkerIntervalSeconds: 15,
  // Flows, jobs that wait for other jobs, are not used.
  flowIntervalSeconds: 3600,
} satisfies ConstructorOptions;

/** pg-boss on the product's own pool (or one of its transactions). */
export function bossDatabase(target: Queryable): Db {
  return { executeSql: async (sql, values) => ({ rows: await target.query(sql, values) }) };
}

export function bossOptions(database: Queryable): ConstructorOptions {
  return {
    db: bossDatabase(database),
    schema: SCHEMA,
    ...INTERVALS,
    registerInstance: false,
    // Changes to indexes and a look at vacuum are for whoever runs the server, not for a request's pool.
    reindex: false,
    monitorVacuum: false,
  };
}
