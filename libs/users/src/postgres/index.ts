export * from './migrations.js';
export * from './user-credentials.js';
export * from './user-directory.js';
export * from './user.repository.js';
