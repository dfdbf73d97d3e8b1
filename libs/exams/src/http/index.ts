export * from './attempts.controller.js';
export * from './exams.controller.js';
export * from './progress.controller.js';
