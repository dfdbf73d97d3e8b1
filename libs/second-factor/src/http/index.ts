export * from './second-factor-login.controller.js';
export * from './second-factors.controller.js';
export * from './step-up.controller.js';
