export * from './app-config.js';
export * from './config.errors.js';
export * from './configuration-table.js';
export * from './load-config.js';
