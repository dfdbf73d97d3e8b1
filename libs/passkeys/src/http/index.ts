export * from './passkey-login.controller.js';
export * from './passkeys.controller.js';
