import type { Migration, MigrationRunner } from '@app/database';

/** From when a key signs, whether it was revoked, and how long the longest token it signed may live. */
export class GiveSigningKeysALife1763900010000 implements Migration {
  name = 'GiveSigningKeysALife1763900010000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE signing_keys
        ADD COLUMN active_from timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN revoked_at timestamptz,
        ADD COLUMN token_ttl_seconds integer NOT NULL DEFAULT 0`);
    await runner.query('UPDATE signing_keys SET active_from = created_at');
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DELETE FROM signing_keys WHERE revoked_at IS NOT NULL');
    await runner.query(`
      ALTER TABLE signing_keys DROP COLUMN active_from, DROP COLUMN revoked_at, DROP COLUMN token_ttl_seconds`);
  }
}
