import { CreateSessionAnalytics1763900100000 } from './1763900100000-create-session-analytics.js';

/** Oldest first; a migration that was released is never changed. */
export const sessionAnalyticsMigrations = [CreateSessionAnalytics1763900100000];
