export * from './migrations.js';
export * from './second-factor.repository.js';
