export * from './realtime-adapter.js';
export * from './realtime.module.js';
