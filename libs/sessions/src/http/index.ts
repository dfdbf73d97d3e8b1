export * from './sessions.controller.js';
