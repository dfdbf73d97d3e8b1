export * from './bucket-draw.js';
export * from './rate-limit-storage.js';
export * from './rate-limit.errors.js';
export * from './rate-limit.module.js';
export type { RateLimitModuleOptions } from './rate-limit.module-definition.js';
export * from './rate-limit.policies.js';
export * from './rate-limits.js';
