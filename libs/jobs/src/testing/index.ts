export * from './job-queue.contract.js';
export * from './noted-work.js';
