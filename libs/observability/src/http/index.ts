export * from './health.controller.js';
export * from './metrics.controller.js';
export * from './request-metrics.js';
