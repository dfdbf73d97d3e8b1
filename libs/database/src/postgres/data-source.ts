import { DataSource } from 'typeorm';
import type { DatabaseAddress, DatabaseOptions } from '../database.options.js';

const CLIENT_MARGIN_MS = 1000;

/** The TypeORM data source: it owns the pool and the migrations. */
export function createDataSource(options: DatabaseOptions): DataSource {
  const pool = poolOf(options);
  return new DataSource({
    type: 'postgres',
    ...connection(options.address),
    applicationName: 'mockingbird',
    connectTimeoutMS: pool.acquireTimeoutMs,
    migrations: [...options.migrations],
    migrationsTableName: 'migrations',
    installExtensions: false,
    // An idle connection that breaks is replaced at the next acquire; there is nothing to do for it here.
    poolErrorHandler: () => undefined,
    extra: {
      min: pool.min,
      max: pool.max,
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

/**
 * The embedded database has one session, and its socket server takes turns between connections message by message:
 * after a transaction of one, parameters of the next can meet the statement of yet another. One connection is all that
 * it gets, and the next statement waits as long as one may take.
 */
function poolOf({ address, poolMin, poolMax, acquireTimeoutMs, statementTimeoutMs }: DatabaseOptions) {
  return 'url' in address
    ? { min: Math.min(poolMin, poolMax), max: poolMax, acquireTimeoutMs }
    : { min: 1, max: 1, acquireTimeoutMs: Math.max(acquireTimeoutMs, statementTimeoutMs) };
}
