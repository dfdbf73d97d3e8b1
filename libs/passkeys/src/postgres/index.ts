export * from './migrations.js';
export * from './passkey.repository.js';
export * from './used-challenges.repository.js';
