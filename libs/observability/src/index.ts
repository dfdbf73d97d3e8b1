export * from './health-registry.js';
export * from './metrics.js';
export * from './observability.module.js';
export * from './pino-logger.js';
