export * from './administration.module.js';
