import type { Migration, MigrationRunner } from '@app/database';

export class CreateRevocations1763900000000 implements Migration {
  name = 'CreateRevocations1763900000000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE projection (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        generation integer NOT NULL DEFAULT 1,
        incarnation text,
        last_seq bigint NOT NULL DEFAULT 0,
        renamed_seq bigint NOT NULL DEFAULT 0
      )`);
    await runner.query('INSERT INTO projection DEFAULT VALUES');
    await runner.query(`
      CREATE TABLE revocations (
        seq bigint PRIMARY KEY,
        user_id uuid NOT NULL,
        session_ids uuid[],
        epoch integer,
        until timestamptz NOT NULL,
        CHECK ((session_ids IS NULL) <> (epoch IS NULL))
      )`);
    await runner.query(`
      CREATE TABLE access_instances (
        id uuid PRIMARY KEY,
        applied_seq bigint NOT NULL,
        lease_until timestamptz NOT NULL,
        own_copy boolean NOT NULL
      )`);
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE access_instances, revocations, projection');
  }
}
