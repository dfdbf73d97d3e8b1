export * from './access-token.js';
export * from './access-token-verifier.js';
export * from './accounts.service.js';
export * from './auth.module.js';
export * from './auth.options.js';
export * from './signing-key-rotation.js';
export * from './signing-keys.js';
