import type { Migration, MigrationRunner } from '@app/database';

export class CreateExams1763800004000 implements Migration {
  name = 'CreateExams1763800004000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE scales (
        id text NOT NULL,
        version integer NOT NULL,
        anchors jsonb NOT NULL,
        standard_error jsonb NOT NULL,
        cefr jsonb NOT NULL,
        PRIMARY KEY (id, version)
      )`);
    // A form is stored as it was published and never changed: a new publication is a new row.
    await runner.query(`
      CREATE TABLE exams (
        id uuid PRIMARY KEY,
        slug text NOT NULL,
        version integer NOT NULL,
        title text NOT NULL,
        description text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('full', 'mini', 'part')),
        limit_seconds integer NOT NULL CHECK (limit_seconds > 0),
        item_count integer NOT NULL CHECK (item_count > 0),
        sections jsonb NOT NULL,
        keys jsonb NOT NULL,
        scale_id text,
        scale_version integer,
        content_hash text NOT NULL,
        window_closes_at timestamptz,
        superseded boolean NOT NULL DEFAULT false,
        published_at timestamptz NOT NULL DEFAULT now(),
        FOREIGN KEY (scale_id, scale_version) REFERENCES scales (id, version),
        UNIQUE (slug, version),
        CHECK ((kind = 'full') = (scale_id IS NOT NULL)),
        CHECK (jsonb_array_length(keys) = item_count)
      )`);
    await runner.query('CREATE UNIQUE INDEX exams_current ON exams (slug) WHERE NOT superseded');
    await runner.query(`
      CREATE TABLE attempts (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        exam_id uuid NOT NULL REFERENCES exams (id),
        status text NOT NULL DEFAULT 'in_progress' CHECK (status IN ('in_progress', 'submitted', 'expired')),
        started_at timestamptz NOT NULL,
        extra_seconds integer NOT NULL DEFAULT 0 CHECK (extra_seconds >= 0),
        deadline_at timestamptz NOT NULL,
        revision integer NOT NULL DEFAULT 0,
        answers jsonb NOT NULL DEFAULT '{}',
        elapsed_ms jsonb NOT NULL DEFAULT '{}',
        listening_position_ms integer NOT NULL DEFAULT 0,
        finished_at timestamptz,
        result jsonb,
        scale_id text,
        scale_version integer,
        CHECK (deadline_at > started_at),
        CHECK ((status = 'in_progress') = (finished_at IS NULL)),
        CHECK ((status = 'in_progress') = (result IS NULL)),
        FOREIGN KEY (scale_id, scale_version) REFERENCES scales (id, version)
      ) WITH (fillfactor = 70)`);
    await runner.query(
      `CREATE UNIQUE INDEX attempts_one_open ON attempts (user_id, exam_id) WHERE status = 'in_progress'`,
    );
    await runner.query(`CREATE INDEX attempts_due ON attempts (deadline_at) WHERE status = 'in_progress'`);
    await runner.query('CREATE INDEX attempts_of_user ON attempts (user_id, id)');
    await runner.query(`
      CREATE TABLE attempt_saves (
        attempt_id uuid NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
        request_id text NOT NULL,
        digest text NOT NULL,
        revision integer NOT NULL,
        saved_at timestamptz NOT NULL,
        PRIMARY KEY (attempt_id, request_id)
      )`);
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE attempt_saves, attempts, exams, scales');
  }
}
