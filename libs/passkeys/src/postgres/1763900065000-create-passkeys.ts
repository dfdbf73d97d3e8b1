import type { Migration, MigrationRunner } from '@app/database';

export class CreatePasskeys1763900065000 implements Migration {
  name = 'CreatePasskeys1763900065000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE passkeys (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        credential_id text NOT NULL UNIQUE,
        public_key bytea NOT NULL,
        counter bigint NOT NULL,
        transports text[] NOT NULL,
        name text NOT NULL,
        synced boolean NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz
      )`);
    await runner.query('CREATE INDEX passkeys_user ON passkeys (user_id)');
    await runner.query(`
      CREATE TABLE used_passkey_challenges (
        hash bytea PRIMARY KEY,
        used_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE used_passkey_challenges, passkeys');
  }
}
