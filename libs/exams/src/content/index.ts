export * from './exam-content-loader.js';
