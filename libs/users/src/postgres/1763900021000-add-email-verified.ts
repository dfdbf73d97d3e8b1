import type { Migration, MigrationRunner } from '@app/database';

export class AddEmailVerified1763900021000 implements Migration {
  name = 'AddEmailVerified1763900021000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN email_verified_at timestamptz');
    await runner.query('UPDATE users SET email_verified_at = created_at WHERE demo');
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN email_verified_at');
  }
}
