import { accountMailMigrations, signingKeyMigrations } from '@app/auth/postgres';
import { examMigrations } from '@app/exams/postgres';
import { questionMigrations } from '@app/questions/postgres';
import { sessionMigrations } from '@app/sessions/postgres';
import { userMigrations } from '@app/users/postgres';

/** Every library's migrations; their names' timestamps give the order. */
export const migrations = [
  ...userMigrations,
  ...sessionMigrations,
  ...signingKeyMigrations,
  ...accountMailMigrations,
  ...questionMigrations,
  ...examMigrations,
];
