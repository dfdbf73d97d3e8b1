export * from './job-handlers.js';
export * from './job-kind.js';
export * from './job-queue.js';
export * from './jobs.module.js';
