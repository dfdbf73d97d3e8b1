import { CreateSigningKeys1763800002000 } from './1763800002000-create-signing-keys.js';

/** Oldest first; a migration that was released is never changed. */
export const signingKeyMigrations = [CreateSigningKeys1763800002000];
