export { UserCredentials, UserDirectory, type UserFilter } from './postgres/index.js';
export * from './user.js';
export * from './users.errors.js';
export * from './users.module.js';
export * from './users.service.js';
