export * from './passkeys.module.js';
