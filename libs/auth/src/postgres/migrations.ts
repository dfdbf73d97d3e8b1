import { CreateSigningKeys1763800002000 } from './1763800002000-create-signing-keys.js';
import { GiveSigningKeysALife1763900010000 } from './1763900010000-give-signing-keys-a-life.js';
import { CreateOneTimeTokens1763900020000 } from './1763900020000-create-one-time-tokens.js';
import { CreateKnownDevices1763900022000 } from './1763900022000-create-known-devices.js';

/** Oldest first; a migration that was released is never changed. */
export const signingKeyMigrations = [CreateSigningKeys1763800002000, GiveSigningKeysALife1763900010000];
export const accountMailMigrations = [CreateOneTimeTokens1763900020000, CreateKnownDevices1763900022000];
