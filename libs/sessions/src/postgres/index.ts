export * from './1763800001000-create-sessions.js';
export * from './session-ledger.js';
