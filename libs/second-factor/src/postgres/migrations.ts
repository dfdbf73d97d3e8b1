import { CreateSecondFactors1763900060000 } from './1763900060000-create-second-factors.js';

/** Oldest first; a migration that was released is never changed. */
export const secondFactorMigrations = [CreateSecondFactors1763900060000];
