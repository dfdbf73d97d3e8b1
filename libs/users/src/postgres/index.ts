export * from './1763800000000-create-users.js';
export * from './user.repository.js';
