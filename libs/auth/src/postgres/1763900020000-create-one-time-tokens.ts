import type { Migration, MigrationRunner } from '@app/database';

export class CreateOneTimeTokens1763900020000 implements Migration {
  name = 'CreateOneTimeTokens1763900020000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE one_time_tokens (
        hash bytea PRIMARY KEY,
        kind text NOT NULL,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        until timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX one_time_tokens_user ON one_time_tokens (user_id, kind)');
    await runner.query('CREATE INDEX one_time_tokens_until ON one_time_tokens (until)');
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE one_time_tokens');
  }
}
