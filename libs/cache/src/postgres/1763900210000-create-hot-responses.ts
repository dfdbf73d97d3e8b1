import type { Migration, MigrationRunner } from '@app/database';

export class CreateHotResponses1763900210000 implements Migration {
  name = 'CreateHotResponses1763900210000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE hot_responses (
        url text NOT NULL,
        roles text NOT NULL,
        score double precision NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (url, roles)
      )`);
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE hot_responses');
  }
}
