export * from './cache-warmer.js';
export * from './hot-responses.js';
export * from './warm-list.js';
export * from './warming-status.js';
