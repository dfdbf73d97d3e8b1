import { CreateSessions1763800001000 } from './1763800001000-create-sessions.js';
import { CreateRevocations1763900000000 } from './1763900000000-create-revocations.js';
import { CreateAuthEvents1763900001000 } from './1763900001000-create-auth-events.js';
import { GiveSessionsTheirPolicy1763900040000 } from './1763900040000-give-sessions-their-policy.js';
import { IndexAuthEvents1763900050000 } from './1763900050000-index-auth-events.js';

/** Oldest first; a migration that was released is never changed. */
export const sessionMigrations = [
  CreateSessions1763800001000,
  CreateRevocations1763900000000,
  CreateAuthEvents1763900001000,
  GiveSessionsTheirPolicy1763900040000,
  IndexAuthEvents1763900050000,
];
