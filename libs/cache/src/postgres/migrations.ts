import { CreateCacheInvalidations1763900200000 } from './1763900200000-create-cache-invalidations.js';
import { CreateHotResponses1763900210000 } from './1763900210000-create-hot-responses.js';

/** Oldest first; a migration that was released is never changed. */
export const cacheMigrations = [CreateCacheInvalidations1763900200000, CreateHotResponses1763900210000];
