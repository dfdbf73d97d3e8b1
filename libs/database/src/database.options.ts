import type { MigrationInterface } from 'typeorm';

/** Where Postgres is: an ordinary URL, or the folder of a Unix socket. */
export type DatabaseAddress = { readonly url: string } | { readonly socketDir: string };

export interface DatabaseOptions {
  readonly address: DatabaseAddress;
  readonly poolMin: number;
  readonly poolMax: number;
  readonly acquireTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly migrations: readonly (new () => MigrationInterface)[];
  readonly migrateOnStart: boolean;
}
