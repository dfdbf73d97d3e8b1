export * from './migrations.js';
export * from './attempt.repository.js';
export * from './exam.repository.js';
export * from './scale.repository.js';
