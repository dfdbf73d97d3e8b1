export * from './cache-service.js';
export * from './cache-store.js';
export * from './cache.module.js';
