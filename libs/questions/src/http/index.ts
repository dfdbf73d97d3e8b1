export * from './question.view.js';
export * from './questions.controller.js';
