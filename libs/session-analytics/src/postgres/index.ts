export * from './counted-days.js';
export * from './database-time.js';
export * from './day-counts.js';
export * from './day-reports.js';
export * from './migrations.js';
export * from './suspicious-activity.js';
