export * from './second-factor.module.js';
