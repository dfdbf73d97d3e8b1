import type { Migration, MigrationRunner } from '@app/database';

export class CreateSessions1763800001000 implements Migration {
  name = 'CreateSessions1763800001000';

  async up(runner: MigrationRunner): Promise<void> {
    // Room in each page keeps the many small updates of a row in place, without touching an index.
    await runner.query(`
      CREATE TABLE sessions (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        salt bytea NOT NULL,
        epoch integer NOT NULL,
        generation integer NOT NULL DEFAULT 0 CHECK (generation >= 0),
        rotated_at timestamptz NOT NULL DEFAULT now(),
        confirmed_generation integer NOT NULL DEFAULT -1,
        idle_until timestamptz NOT NULL,
        absolute_until timestamptz NOT NULL,
        revoked_at timestamptz,
        revoke_reason text,
        device_name text NOT NULL,
        user_agent text NOT NULL,
        first_ip text NOT NULL,
        last_ip text NOT NULL,
        authenticated_at timestamptz NOT NULL DEFAULT now(),
        created_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
      ) WITH (fillfactor = 75)`);
    await runner.query('CREATE INDEX sessions_live ON sessions (user_id) WHERE revoked_at IS NULL');
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE sessions');
  }
}
