import { accountMailMigrations, signingKeyMigrations } from '@app/auth/postgres';
import { cacheMigrations } from '@app/cache/postgres';
import { examMigrations } from '@app/exams/postgres';
import { passkeyMigrations } from '@app/passkeys/postgres';
import { questionMigrations } from '@app/questions/postgres';
import { secondFactorMigrations } from '@app/second-factor/postgres';
import { sessionAnalyticsMigrations } from '@app/session-analytics/postgres';
import { sessionMigrations } from '@app/sessions/postgres';
import { userMigrations } from '@app/users/postgres';

/** Every library's migrations; their names' timestamps give the order. */
export const migrations = [
  ...userMigrations,
  ...sessionMigrations,
  ...signingKeyMigrations,
  ...accountMailMigrations,
  ...secondFactorMigrations,
  ...passkeyMigrations,
  ...questionMigrations,
  ...examMigrations,
  ...sessionAnalyticsMigrations,
  ...cacheMigrations,
];
