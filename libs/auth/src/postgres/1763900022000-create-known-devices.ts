import type { Migration, MigrationRunner } from '@app/database';

export class CreateKnownDevices1763900022000 implements Migration {
  name = 'CreateKnownDevices1763900022000';

  async up(runner: MigrationRunner): Promise<void> {
    // Apart from the sessions, which go some time after they have ended.
    await runner.query(`
      CREATE TABLE known_devices (
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        name text NOT NULL,
        first_seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, name)
      )`);
    await runner.query(`
      INSERT INTO known_devices (user_id, name, first_seen_at)
      SELECT user_id, device_name, min(created_at) FROM sessions GROUP BY user_id, device_name`);
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE known_devices');
  }
}
