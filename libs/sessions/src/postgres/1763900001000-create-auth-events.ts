import type { Migration, MigrationRunner } from '@app/database';

export class CreateAuthEvents1763900001000 implements Migration {
  name = 'CreateAuthEvents1763900001000';

  async up(runner: MigrationRunner): Promise<void> {
    // No foreign keys: what happened stays true when an account is deleted.
    await runner.query(`
      CREATE TABLE auth_events (
        id uuid NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        kind text NOT NULL,
        user_id uuid,
        session_id uuid,
        actor_id uuid,
        ip text,
        device_name text,
        detail jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (at, id)
      ) PARTITION BY RANGE (at)`);
    await runner.query('CREATE TABLE auth_events_default PARTITION OF auth_events DEFAULT');
    await runner.query('CREATE INDEX auth_events_user ON auth_events (user_id, at)');
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE auth_events');
  }
}
