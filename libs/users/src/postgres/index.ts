export * from './migrations.js';
export * from './user.repository.js';
