import type { Migration, MigrationRunner } from '@app/database';

export class IndexAuthEvents1763900050000 implements Migration {
  name = 'IndexAuthEvents1763900050000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query('CREATE INDEX auth_events_audit ON auth_events (at, id) WHERE actor_id IS NOT NULL');
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP INDEX auth_events_audit');
  }
}
