export * from './ended-session-removal.js';
export * from './event-partitioning.js';
export * from './event-retention.js';
export * from './session-analytics.module.js';
export * from './session-day-counter.js';
