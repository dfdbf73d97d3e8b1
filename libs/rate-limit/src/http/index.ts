export * from './rate-limit.guard.js';
