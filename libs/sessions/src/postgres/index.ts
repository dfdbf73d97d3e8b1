export * from './migrations.js';
export * from './session-ledger.js';
