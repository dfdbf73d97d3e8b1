export * from './realtime-adapter.contract.js';
