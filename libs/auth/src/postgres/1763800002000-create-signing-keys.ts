import type { Migration, MigrationRunner } from '@app/database';

export class CreateSigningKeys1763800002000 implements Migration {
  name = 'CreateSigningKeys1763800002000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE signing_keys (
        kid text PRIMARY KEY,
        public_jwk jsonb NOT NULL,
        sealed_private_key bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE signing_keys');
  }
}
