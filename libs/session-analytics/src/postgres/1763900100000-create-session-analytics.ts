import type { Migration, MigrationRunner } from '@app/database';

export class CreateSessionAnalytics1763900100000 implements Migration {
  name = 'CreateSessionAnalytics1763900100000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE session_days (
        day date PRIMARY KEY,
        computed_at timestamptz NOT NULL,
        active_users integer NOT NULL,
        active_sessions integer NOT NULL,
        sessions_opened integer NOT NULL,
        users_registered integer NOT NULL,
        failed_logins integer NOT NULL,
        limited_logins integer NOT NULL,
        rotations integer NOT NULL,
        replays integer NOT NULL,
        reuses integer NOT NULL,
        from_the_future integer NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE session_device_days (
        day date NOT NULL REFERENCES session_days (day) ON DELETE CASCADE,
        device text NOT NULL,
        sessions_opened integer NOT NULL,
        active_sessions integer NOT NULL,
        PRIMARY KEY (day, device)
      )`);
    await runner.query(`
      CREATE TABLE session_revocation_days (
        day date NOT NULL REFERENCES session_days (day) ON DELETE CASCADE,
        reason text NOT NULL,
        sessions integer NOT NULL,
        accounts integer NOT NULL,
        PRIMARY KEY (day, reason)
      )`);
    // Where from, and with what, is read from the first event, while there is one: it is kept in one place.
    await runner.query(`
      CREATE TABLE suspicious_activity (
        first_at timestamptz NOT NULL,
        id uuid NOT NULL,
        kind text NOT NULL,
        first_event uuid NOT NULL,
        last_at timestamptz NOT NULL,
        events integer NOT NULL,
        user_id uuid,
        session_id uuid,
        PRIMARY KEY (first_at, id)
      )`);
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE suspicious_activity, session_revocation_days, session_device_days, session_days');
  }
}
