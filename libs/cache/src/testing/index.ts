export * from './cache-store.contract.js';
export * from './invalidation-log.contract.js';
export * from './cache-parts.js';
