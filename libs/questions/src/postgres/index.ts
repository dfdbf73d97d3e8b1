export * from './1763800003000-create-question-bank.js';
export * from './question-set.repository.js';
export * from './question.repository.js';
