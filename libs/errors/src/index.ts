export * from './domain-error.js';
export * from './invalid-input.error.js';
export * from './unavailable.error.js';
