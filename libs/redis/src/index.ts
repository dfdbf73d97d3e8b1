export { ANSWER_WITHIN_MS } from './answer-watch.js';
export * from './redis-client.js';
export * from './redis-script.js';
export * from './redis.module.js';
export * from './redis-errors.js';
export * from './redis-incarnation.js';
export * from './redis.options.js';
export * from './server-identity.js';
