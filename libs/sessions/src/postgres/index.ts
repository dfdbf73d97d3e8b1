export * from './auth-event-history.js';
export * from './auth-event-log.js';
export * from './auth-event-partitions.js';
export * from './ended-sessions.js';
export * from './migrations.js';
export * from './revocation-log.js';
export * from './session-ledger.js';
