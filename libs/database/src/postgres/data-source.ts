import { DataSource } from 'typeorm';
import type { DatabaseAddress, DatabaseOptions } from '../database.options.js';

const CLIENT_MARGIN_MS = 1000;

/** The TypeORM data source: it owns the pool and the migrations. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    ...connection(options.address),
    applicationName: 'mockingbird',
    connectTimeoutMS: options.acquireTimeoutMs,
    migrations: [...options.migrations],
    migrationsTableName: 'migrations',
    installExtensions: false,
    // An idle connection that breaks is replaced at the next acquire; there is nothing to do for it here.
    poolErrorHandler: () => undefined,
    extra: {
      min: Math.min(options.poolMin, options.poolMax),
      max: options.poolMax,
      statement_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: options.statementTimeoutMs,
      // The server's own timeout cannot help when the server is frozen.
      query_timeout: options.statementTimeoutMs + CLIENT_MARGIN_MS,
      keepAlive: true,
    },
  });
}

function connection(address: DatabaseAddress) {
  return 'url' in address
    ? { url: address.url }
    : { host: address.socketDir, port: 5432, username: 'postgres', database: 'postgres' };
}
