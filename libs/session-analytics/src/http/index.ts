export * from './session-analytics.controller.js';
