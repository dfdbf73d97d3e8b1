import { InvalidInputError, UnavailableError } from '@app/errors';
import type { Pool, PoolClient, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Database, type Transaction } from '../database.js';
import { meansUnstorableText } from '../statement-errors.js';
import { meansDatabaseUnavailable } from '../unavailable-causes.js';
import { Listener } from './listener.js';
import { StatementNames } from './statement-names.js';

/** Held while migrating, so that instances that start together take turns. Any constant does. */
const MIGRATION_LOCK = 0x6d6f636b;

/** Postgres through the pool of a TypeORM data source. */
export class PostgresDatabase extends Database {
  private readonly pool: Pool;
  private readonly names: StatementNames | undefined;

  /**
   * @param dataSource already initialised
   * @param ownSessions false for the embedded database, which has one session: it has nobody to hear from, and its
   *   statements need no names
   */
  constructor(
    private readonly dataSource: DataSource,
    private readonly ownSessions: boolean,
  ) {
    super();
    this.names = ownSessions ? new StatementNames() : undefined;
    this.pool = (dataSource.driver as PostgresDriver).master as Pool;
  }

  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return this.rowsOf<Row>(this.pool, sql, parameters);
  }

  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const client = await this.acquire();
    const afterCommit: (() => void)[] = [];
    let broken: Error | undefined;
    let result: Result;
    try {
      await this.rowsOf(client, 'BEGIN');
      result = await work({
        query: (sql, parameters) => this.rowsOf(client, sql, parameters),
        afterCommit: (then) => void afterCommit.push(then),
      });
      await this.rowsOf(client, 'COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch((rollbackError: Error) => (broken = rollbackError));
      throw error;
    } finally {
      giveBack(client, broken);
    }
    for (const then of afterCommit) then();
    return result;
  }

  async listen(channel: string, onNotify: () => void): Promise<() => Promise<void>> {
    if (!this.ownSessions) return async () => undefined;
    const listener = new Listener(this.pool, channel, onNotify);
    await listener.start();
    return () => listener.stop();
  }

  async migrate(): Promise<string[]> {
    // One process alone has the embedded database, and it has one connection.
    if (!this.ownSessions) return this.runMigrations();
    const client = await this.acquire();
    try {
      await this.rowsOf(client, 'SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      return await this.runMigrations();
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
      giveBack(client);
    }
  }

  hasPendingMigrations(): Promise<boolean> {
    return this.dataSource.showMigrations();
  }

  poolState() {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount };
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }

  private async runMigrations(): Promise<string[]> {
    const applied = await this.dataSource.runMigrations({ transaction: 'each' });
    return applied.map(({ name }) => name);
  }

  private async rowsOf<Row>(target: Pool | PoolClient, text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const name = values.length === 0 ? undefined : this.names?.of(text);
    try {
      // The driver's types do not know that several statements give several results.
      const results = (await target.query({ name, text, values: [...values] })) as QueryResult | QueryResult[];
      return (Array.isArray(results) ? results.flatMap(({ rows }) => rows) : results.rows) as Row[];
    } catch (error) {
      throw asDomainError(error);
    }
  }

  private async acquire(): Promise<PoolClient> {
    try {
      const client = await this.pool.connect();
      client.on('error', heard);
      return client;
    } catch (error) {
      throw asDomainError(error);
    }
  }
}

/**
 * The pool hears when a connection breaks, but for those it has handed out; an error event that nobody hears ends the
 * process. Whoever has the connection meets the error at the next statement.
 */
function heard(): void {}

function giveBack(client: PoolClient, broken?: Error): void {
  client.release(broken);
  client.off('error', heard);
}

function asDomainError(error: unknown): unknown {
  if (meansUnstorableText(error)) return new InvalidInputError([{ path: '', message: 'Text may not contain NUL.' }]);
  return meansDatabaseUnavailable(error) ? new UnavailableError('database', error) : error;
}
