export * from './limited.decorator.js';
export * from './rate-limit.guard.js';
