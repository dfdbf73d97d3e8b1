export * from './redis-rate-limit.storage.js';
export * from './take-script.js';
