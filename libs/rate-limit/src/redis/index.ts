export * from './redis-rate-limit.storage.js';
