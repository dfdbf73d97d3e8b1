export * from './access-token.guard.js';
export * from './access-token.strategy.js';
export * from './auth.controller.js';
export * from './email.controller.js';
export * from './jwks.controller.js';
export * from './password.controller.js';
export * from './roles.guard.js';
export * from './signing-keys.controller.js';
