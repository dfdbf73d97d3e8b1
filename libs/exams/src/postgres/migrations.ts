import { CreateExams1763800004000 } from './1763800004000-create-exams.js';

/** Oldest first; a migration that was released is never changed. */
export const examMigrations = [CreateExams1763800004000];
