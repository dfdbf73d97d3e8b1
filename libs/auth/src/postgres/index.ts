export * from './known-device.repository.js';
export * from './migrations.js';
export * from './one-time-token.repository.js';
export * from './signing-key-changes.js';
export * from './signing-key.repository.js';
