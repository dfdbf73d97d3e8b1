export * from './content/index.js';
export * from './parts.js';
export * from './question.js';
export * from './question-rules.js';
export * from './questions.module.js';
export * from './questions.service.js';
