import { loadConfig } from '@app/config';
import { connect } from '@app/database/postgres';
import { migrateJobs } from '@app/jobs/postgres';
import { migrations } from './migrations.js';

/** Applies pending migrations and ends; for deployments, before new instances start. */
const { database: options } = loadConfig(process.env);
if (options.url === undefined) {
  process.stdout.write('The embedded database applies its migrations at start.\n');
} else {
  const database = await connect({ ...options, address: { url: options.url }, migrations }, (reason) => {
    process.stdout.write(`Waiting for Postgres: ${reason}\n`);
  });
  const applied = await database.migrate();
  await migrateJobs(database);
  process.stdout.write(applied.length === 0 ? 'Nothing to apply.\n' : `Applied:\n  ${applied.join('\n  ')}\n`);
  await database.close();
}
