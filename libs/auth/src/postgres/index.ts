export * from './1763800002000-create-signing-keys.js';
export * from './signing-key.repository.js';
