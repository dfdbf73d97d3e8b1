export * from './rate-limit-storage.contract.js';
