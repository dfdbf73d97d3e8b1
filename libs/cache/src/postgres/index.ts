export * from './hot-response.repository.js';
export * from './invalidation-outbox.js';
export * from './migrations.js';
