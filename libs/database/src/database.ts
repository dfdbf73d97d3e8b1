/** What repositories run statements on: the pool, or one transaction. */
export interface Queryable {
  /**
   * Runs one statement and gives its rows. Without parameters the text may hold several statements; their rows follow
   * each other.
   *
   * @throws {UnavailableError} when Postgres cannot be reached, is overloaded, or takes too long
   * @throws {InvalidInputError} when a text parameter holds U+0000
   */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** One transaction, as the work inside it sees it. */
export interface Transaction extends Queryable {
  /** Runs once the transaction is committed, never when it is rolled back. Must not throw. */
  afterCommit(work: () => void): void;
}

/** The ledger: Postgres behind one bounded pool. */
export abstract class Database implements Queryable {
  abstract query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;

  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it throws.
   * Inside, use only the given `Queryable`: a nested acquire could wait for itself.
   */
  abstract transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;

  /**
   * Calls `onNotify` when somebody notifies the channel, until the given function is called. Notifications get lost
   * while a connection is broken, and the embedded database has none: use them to hurry a poll, never alone.
   */
  abstract listen(channel: string, onNotify: () => void): Promise<() => Promise<void>>;

  /** Applies pending migrations, one process at a time. Gives the names of those applied. */
  abstract migrate(): Promise<string[]>;

  /** True while a migration this build knows has not been applied. */
  abstract hasPendingMigrations(): Promise<boolean>;

  /** Connections of the pool now. */
  abstract poolState(): { readonly total: number; readonly idle: number; readonly waiting: number };

  abstract close(): Promise<void>;
}
