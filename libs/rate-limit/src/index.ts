export * from './rate-limit-storage.js';
export * from './rate-limit.errors.js';
export * from './rate-limit.module.js';
