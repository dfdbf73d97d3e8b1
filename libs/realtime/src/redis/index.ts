export * from './redis-realtime.adapter.js';
