export * from './cache-store.contract.js';
