export * from './connect.js';
export * from './postgres-database.js';
