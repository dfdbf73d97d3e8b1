import type { CacheInstance } from './cache-instance.js';

/** Rows that instances read through their caches, and how often that reached the database. */
export class CountedThings {
  loads = 0;
  /** How long a load takes beyond its query. */
  slowMs = 0;
  failure: Error | undefined;

  static async create({ database }: CacheInstance): Promise<CountedThings> {
    await database.query('CREATE TABLE IF NOT EXISTS things (id text PRIMARY KEY, value integer NOT NULL)');
    return new CountedThings();
  }

  async put({ writes }: CacheInstance, id: string, value: number): Promise<void> {
    await writes.run(async (tx, touch) => {
      await tx.query(
        'INSERT INTO things (id, value) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET value = excluded.value',
        [id, value],
      );
      touch(`thing:${id}`);
    });
  }

  read({ cache, database }: CacheInstance, id: string): Promise<number | undefined> {
    return cache.getOrLoad(`things:${id}`, { tags: [`thing:${id}`] }, async () => {
      this.loads += 1;
      if (this.failure !== undefined) throw this.failure;
      const [row] = await database.query<{ value: number }>('SELECT value FROM things WHERE id = $1', [id]);
      if (this.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, this.slowMs));
      return row?.value;
    });
  }
}
