import type { Migration, MigrationRunner } from '@app/database';

export class CreateCacheInvalidations1763900200000 implements Migration {
  name = 'CreateCacheInvalidations1763900200000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cache_invalidations (
        id uuid PRIMARY KEY,
        tags text[] NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE cache_invalidations');
  }
}
