export * from './user.view.js';
export * from './users.controller.js';
