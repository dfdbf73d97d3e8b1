export type { MigrationInterface as Migration, QueryRunner as MigrationRunner } from 'typeorm';
