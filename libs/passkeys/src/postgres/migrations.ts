import { CreatePasskeys1763900065000 } from './1763900065000-create-passkeys.js';

/** Oldest first; a migration that was released is never changed. */
export const passkeyMigrations = [CreatePasskeys1763900065000];
