export * from './memory-realtime.adapter.js';
