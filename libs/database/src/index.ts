export * from './data-folder-in-use.error.js';
export * from './database.js';
export * from './database.module.js';
export * from './database.options.js';
export * from './migration.js';
export * from './statement-errors.js';
export * from './unavailable-causes.js';
