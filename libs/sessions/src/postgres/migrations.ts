import { CreateSessions1763800001000 } from './1763800001000-create-sessions.js';

/** Oldest first; a migration that was released is never changed. */
export const sessionMigrations = [CreateSessions1763800001000];
