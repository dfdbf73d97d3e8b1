export * from './migrations.js';
export * from './signing-key-changes.js';
export * from './signing-key.repository.js';
