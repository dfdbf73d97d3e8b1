export * from './memory-rate-limit.storage.js';
