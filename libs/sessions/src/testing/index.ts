export * from './session-store.contract.js';
export * from './token-blacklist.contract.js';
