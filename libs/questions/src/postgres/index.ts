export * from './migrations.js';
export * from './question-set.repository.js';
export * from './question.repository.js';
