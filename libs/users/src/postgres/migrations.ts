import { CreateUsers1763800000000 } from './1763800000000-create-users.js';
import { AddEmailVerified1763900021000 } from './1763900021000-add-email-verified.js';

/** Oldest first; a migration that was released is never changed. */
export const userMigrations = [CreateUsers1763800000000, AddEmailVerified1763900021000];
