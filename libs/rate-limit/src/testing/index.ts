export * from './gcra-schedules.js';
export * from './rate-limit-storage.contract.js';
