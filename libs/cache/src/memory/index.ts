export * from './memory-cache.store.js';
export * from './memory-invalidation-log.js';
