export * from './admin-users.controller.js';
export * from './audit.controller.js';
export * from './cache.controller.js';
export * from './my-account.controller.js';
