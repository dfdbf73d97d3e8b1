import type { Migration, MigrationRunner } from '@app/database';

/** A session keeps the policy it was opened under; those from before get the values that were the defaults. */
export class GiveSessionsTheirPolicy1763900040000 implements Migration {
  name = 'GiveSessionsTheirPolicy1763900040000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions
        ADD COLUMN idle_ttl_ms bigint NOT NULL DEFAULT 1209600000,
        ADD COLUMN grace_ms bigint NOT NULL DEFAULT 30000`);
    await runner.query(
      'ALTER TABLE sessions ALTER COLUMN idle_ttl_ms DROP DEFAULT, ALTER COLUMN grace_ms DROP DEFAULT',
    );
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN idle_ttl_ms, DROP COLUMN grace_ms');
  }
}
