export * from './redis-session.store.js';
export * from './redis-token-blacklist.js';
