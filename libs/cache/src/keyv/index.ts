export * from './cache-keyv-store.js';
