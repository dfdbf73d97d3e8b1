export * from './redis-client.js';
export * from './redis-script.js';
export * from './redis.module.js';
export * from './redis-errors.js';
export * from './redis-incarnation.js';
export * from './redis.options.js';
