import type { Migration, MigrationRunner } from '@app/database';

export class CreateQuestionBank1763800003000 implements Migration {
  name = 'CreateQuestionBank1763800003000';

  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE question_sets (
        id uuid PRIMARY KEY,
        slug text CONSTRAINT question_sets_slug_unique UNIQUE,
        part smallint NOT NULL CHECK (part BETWEEN 1 AND 7),
        passages jsonb NOT NULL DEFAULT '[]',
        audio_url text,
        graphic_url text,
        graphic_alt text,
        transcript jsonb,
        content_hash text,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (id, part)
      )`);
    await runner.query(`
      CREATE TABLE questions (
        id uuid PRIMARY KEY,
        set_id uuid NOT NULL,
        position smallint NOT NULL CHECK (position > 0),
        part smallint NOT NULL,
        ability text NOT NULL,
        difficulty smallint NOT NULL CHECK (difficulty BETWEEN 1 AND 5),
        tags text[] NOT NULL DEFAULT '{}',
        stem text,
        options text[] NOT NULL,
        key text NOT NULL,
        explanation text NOT NULL,
        distractors jsonb NOT NULL,
        search_text text NOT NULL,
        search tsvector GENERATED ALWAYS AS (to_tsvector('english', search_text)) STORED,
        version integer NOT NULL DEFAULT 1,
        archived_at timestamptz,
        created_by uuid REFERENCES users (id) ON DELETE SET NULL,
        idempotency_key text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        FOREIGN KEY (set_id, part) REFERENCES question_sets (id, part),
        CONSTRAINT questions_position_unique UNIQUE (set_id, position),
        CONSTRAINT questions_idempotency_unique UNIQUE (created_by, idempotency_key),
        CHECK (cardinality(options) = CASE part WHEN 2 THEN 3 ELSE 4 END),
        CHECK (key IN ('A', 'B', 'C', 'D') AND NOT (part = 2 AND key = 'D')),
        CHECK (ability ~ CASE WHEN part <= 4 THEN '^L[1-5]$' ELSE '^R[1-5]$' END)
      )`);
    await runner.query('CREATE INDEX questions_bank ON questions (part, id) WHERE archived_at IS NULL');
    await runner.query('CREATE INDEX questions_tags ON questions USING gin (tags)');
    await runner.query('CREATE INDEX questions_search ON questions USING gin (search)');
    await runner.query(`
      CREATE TABLE question_versions (
        question_id uuid NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
        version integer NOT NULL,
        question jsonb NOT NULL,
        replaced_at timestamptz NOT NULL DEFAULT now(),
        replaced_by uuid REFERENCES users (id) ON DELETE SET NULL,
        PRIMARY KEY (question_id, version)
      )`);
  }

  async down(runner: MigrationRunner): Promise<void> {
    await runner.query('DROP TABLE question_versions, questions, question_sets');
  }
}
