export * from './memory-session.store.js';
export * from './memory-token-blacklist.js';
