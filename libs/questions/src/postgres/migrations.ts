import { CreateQuestionBank1763800003000 } from './1763800003000-create-question-bank.js';

/** Oldest first; a migration that was released is never changed. */
export const questionMigrations = [CreateQuestionBank1763800003000];
