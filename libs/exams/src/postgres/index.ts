export * from './1763800004000-create-exams.js';
export * from './attempt.repository.js';
export * from './exam.repository.js';
export * from './scale.repository.js';
