export * from './realtime.gateway.js';
export * from './realtime-io.adapter.js';
