export * from './clock.js';
export * from './clock.module.js';
export * from './system-clock.js';
