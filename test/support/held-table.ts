import { Client } from 'pg';

/** A table that nobody can read until it is released: whoever tries is in flight that long. */
export class HeldTable {
  private constructor(
    private readonly client: Client,
    private readonly table: string,
  ) {}

  static async hold(databaseUrl: string, table: string): Promise<HeldTable> {
    const client = new Client({ connectionString: databaseUrl });
    client.on('error', () => {});
    await client.connect();
    await client.query('BEGIN');
    await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return new HeldTable(client, table);
  }

  /** How many statements wait for the table now. */
  async waiting(): Promise<number> {
    const { rows } = await this.client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted AND relation = $1::regclass',
      [this.table],
    );
    return rows[0]?.count ?? 0;
  }

  /** Does something to it meanwhile. */
  async run(sql: string): Promise<void> {
    await this.client.query(sql);
  }

  /** Releases it with what was done. */
  async commit(): Promise<void> {
    await this.client.query('COMMIT');
    await this.client.end();
  }

  async release(): Promise<void> {
    await this.client.end();
  }
}
