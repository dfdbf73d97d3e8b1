export * from './breakers.js';
export * from './circuit-breaker.js';
export * from './resilience.module.js';
