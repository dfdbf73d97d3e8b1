export * from './boss.js';
export * from './boss-job-queue.js';
export * from './job-runner.js';
export * from './migrate-jobs.js';
