export * from './attempt-events.js';
export * from './attempt-finaliser.js';
export * from './attempt-state.js';
export * from './attempt.js';
export * from './attempts.service.js';
export * from './content/index.js';
export * from './exams.module.js';
export * from './exams.options.js';
