import type { Queryable } from '@app/database';

/** What time it is for all instances. */
export async function databaseTime(database: Queryable): Promise<Date> {
  const [{ now }] = (await database.query<{ now: Date }>('SELECT now() AS now')) as [{ now: Date }];
  return now;
}
